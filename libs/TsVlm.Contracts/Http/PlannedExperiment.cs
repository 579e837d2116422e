namespace TsVlm.Contracts.Http;

/// <summary>What an experiment would be; nothing of it is recorded.</summary>
/// <param name="Id">The experiment that a submission of the same would be.</param>
/// <param name="NumRuns">Its runs.</param>
/// <param name="NumCached">Those whose evaluation is in the artifact store.</param>
/// <param name="SecondsLeft">
/// Time of training and prediction of the others, one after the other, as earlier runs of the same scenarios took; null where one of them
/// was never run.
/// </param>
/// <param name="Datasets">Names of the data sets.</param>
/// <param name="Scenarios">Names of the scenarios, and of the baselines as <c>baseline:NAME</c>.</param>
/// <param name="Notes">What a user should know of the splits, one sentence each.</param>
public sealed record PlannedExperiment(
    string Id, int NumRuns, int NumCached, double? SecondsLeft, IReadOnlyList<string> Datasets, IReadOnlyList<string> Scenarios,
    IReadOnlyList<string> Notes);
