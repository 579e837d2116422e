namespace TsVlm.Contracts.Http;

/// <summary>What was cancelled.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="NumRuns">
/// Its runs by how they ended; those still open are cancelled in a moment (202), or wanted by another experiment.
/// </param>
public sealed record CancelledExperiment(string Id, RunCounts NumRuns);

/// <summary>What runs again.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="NumRetried">Number of its runs that had failed or were cancelled.</param>
public sealed record RetriedExperiment(string Id, int NumRetried);
