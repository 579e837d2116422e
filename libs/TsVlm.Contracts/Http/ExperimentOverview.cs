namespace TsVlm.Contracts.Http;

/// <summary>An experiment in a list.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="Title">Name of its grid.</param>
/// <param name="CreatedUtc">When it was first asked for.</param>
/// <param name="Status">How far it is.</param>
/// <param name="NumRuns">Its runs by how they ended.</param>
/// <param name="Report">How far its report is.</param>
public sealed record ExperimentOverview(
    string Id, string Title, DateTime CreatedUtc, ExperimentStatus Status, RunCounts NumRuns, StageStatus Report);

/// <summary>How far an experiment is; it follows from its intent, its runs and its report.</summary>
public enum ExperimentStatus
{
    /// <summary>A run is open.</summary>
    Running,
    /// <summary>It was cancelled, and a run is still open: about to end, or wanted by another experiment.</summary>
    Cancelling,
    /// <summary>Every run has ended; the report is to come.</summary>
    Reporting,
    /// <summary>Every run has ended, and so has the report.</summary>
    Ended,
}
