namespace TsVlm.Contracts.Http;

/// <summary>What an experiment still takes.</summary>
/// <param name="NumOpen">Runs that have not ended.</param>
/// <param name="Seconds">
/// Time of training and prediction of these, one after the other, as earlier runs of the same scenarios took; null where one of them was
/// never run to its end.
/// </param>
public sealed record TimeLeft(int NumOpen, double? Seconds);
