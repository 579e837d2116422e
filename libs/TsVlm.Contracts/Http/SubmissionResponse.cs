namespace TsVlm.Contracts.Http;

/// <summary>What was made of a submission.</summary>
/// <param name="Id">The experiment: the hash of its runs, so asking for the same again is the same experiment.</param>
/// <param name="NumRuns">Number of its runs.</param>
public sealed record SubmissionResponse(string Id, int NumRuns);
