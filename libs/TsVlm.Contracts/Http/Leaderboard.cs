namespace TsVlm.Contracts.Http;

/// <summary>
/// Scenarios and baselines by their mean rank over data sets; a place is comparable with those over the same data sets only.
/// </summary>
/// <param name="Protocol">How the data was split.</param>
/// <param name="NumDatasets">Data sets in all.</param>
/// <param name="Total">Entries of the whole leaderboard.</param>
/// <param name="Offset">Place of the first entry shown, from 0.</param>
/// <param name="Entries">The entries from there on, the best first.</param>
public sealed record Leaderboard(string Protocol, int NumDatasets, int Total, int Offset, IReadOnlyList<LeaderboardEntry> Entries);

/// <summary>A place on the leaderboard.</summary>
/// <param name="Scenario">The scenario's name, or <c>baseline:NAME</c>.</param>
/// <param name="Model">The model, or the baseline.</param>
/// <param name="Settings">Tells scenarios of one name apart by their settings; empty for a baseline.</param>
/// <param name="NumDatasets">Data sets it was evaluated on.</param>
/// <param name="NumRuns">Runs behind it.</param>
/// <param name="MeanAccuracy">Mean of its accuracies on the data sets.</param>
/// <param name="MeanRank">Mean of its ranks on the data sets; 1 is the best.</param>
public sealed record LeaderboardEntry(string Scenario, string Model, string Settings, int NumDatasets, int NumRuns, double MeanAccuracy,
    double MeanRank);
