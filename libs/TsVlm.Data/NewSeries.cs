namespace TsVlm.Data;

/// <summary>A series to classify.</summary>
/// <param name="Series">Its values.</param>
/// <param name="Place">Where it was read, such as <c>new.csv(3)</c>, for messages.</param>
public sealed record NewSeries(TimeSeries Series, string Place);
