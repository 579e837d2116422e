namespace TsVlm.Contracts.Http;

/// <summary>An experiment.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="Title">Name of its grid.</param>
/// <param name="CreatedUtc">When it was first asked for.</param>
/// <param name="Status">How far it is.</param>
/// <param name="NumRuns">Its runs by how they ended.</param>
/// <param name="Ended">Whether every run has ended.</param>
/// <param name="Report">How far its report is.</param>
/// <param name="ReportHash">Hash of the report's key, once it is done.</param>
/// <param name="ReportReason">Why the report failed.</param>
/// <param name="Offset">Place of the first run that is shown, from 0.</param>
/// <param name="Runs">The runs from there on, in order.</param>
public sealed record ExperimentResponse(
    string Id, string Title, DateTime CreatedUtc, ExperimentStatus Status, RunCounts NumRuns, bool Ended, StageStatus Report,
    string? ReportHash, string? ReportReason, int Offset, IReadOnlyList<RunResponse> Runs);

/// <summary>A run.</summary>
/// <param name="Id">The run.</param>
/// <param name="Dataset">Name of its data set.</param>
/// <param name="Scenario">Name of its scenario, or <c>baseline:NAME</c>.</param>
/// <param name="Resample">Resample of the split.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="Succeeded">Whether every stage is done.</param>
/// <param name="Ended">Whether nothing more will happen to it.</param>
/// <param name="Generation">How often it was asked for anew.</param>
/// <param name="Stages">Its stages, in order.</param>
/// <param name="Progress">How far the stage under way is, as far as this process has heard.</param>
/// <param name="Run">Every setting, where asked for.</param>
public sealed record RunResponse(
    string Id, string Dataset, string Scenario, int Resample, int Seed, bool Succeeded, bool Ended, int Generation,
    IReadOnlyList<StageState> Stages,
    StageProgressed? Progress, RunSpec? Run)
{
    /// <summary>The trace of the run (W3C, 32 hexadecimal digits); null where none was recorded when it was asked for.</summary>
    public string? TraceId { get; init; }
}
