namespace TsVlm.Contracts;

/// <summary>How a run ended.</summary>
/// <param name="Run">The run.</param>
/// <param name="FailedStage">The stage that failed or was not reached; null when the run succeeded.</param>
/// <param name="Reason">Why; null when the run succeeded.</param>
public sealed record RunOutcome(RunSpec Run, Stage? FailedStage, string? Reason);

/// <summary>What is to be written of an experiment.</summary>
/// <param name="Title">Name of its grid.</param>
/// <param name="CommandLine">The command that asked for it.</param>
/// <param name="Settings">The settings in force, defaults included.</param>
/// <param name="Runs">Every run, in order.</param>
public sealed record ExperimentSummary(
    string Title, string CommandLine, IReadOnlyList<ReportSetting> Settings, IReadOnlyList<RunOutcome> Runs);

/// <summary>One setting of an experiment.</summary>
/// <param name="Name">As the command line calls it.</param>
/// <param name="Value">As it was in force.</param>
public sealed record ReportSetting(string Name, string Value);
