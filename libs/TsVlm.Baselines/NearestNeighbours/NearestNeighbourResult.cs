namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>What the nearest training series say of each test series.</summary>
/// <param name="Predictions">Label of the nearest training series, one a test series.</param>
/// <param name="NearestIndex">Its index among the training series; the lowest where several are equally near.</param>
/// <param name="WindowFraction">Band that was used, as a share of the longest training length; 0 for the Euclidean distance.</param>
public sealed record NearestNeighbourResult(IReadOnlyList<string> Predictions, IReadOnlyList<int> NearestIndex, double WindowFraction);
