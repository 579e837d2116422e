using TsVlm.Data;

namespace TsVlm.Serving.Requests;

/// <summary>What a request asks of a model.</summary>
/// <param name="Series">The series.</param>
/// <param name="MinConfidence">Least confidence that is answered; null where everything is.</param>
/// <param name="PlaceOf">Where a series is in the request, for messages.</param>
internal sealed record Question(IReadOnlyList<TimeSeries> Series, double? MinConfidence, Func<int, string> PlaceOf);
