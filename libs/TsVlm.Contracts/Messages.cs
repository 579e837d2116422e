namespace TsVlm.Contracts;

/// <summary>A step of a run.</summary>
public enum Stage
{
    /// <summary>Data generation: samples from series.</summary>
    Datagen,
    /// <summary>Fine-tuning.</summary>
    Training,
    /// <summary>Predictions on the test split and their metrics.</summary>
    Evaluation,
}

/// <summary>What every command of a stage carries.</summary>
public interface IStageCommand
{
    /// <summary><see cref="RunSpec.Id"/>.</summary>
    string RunId { get; }

    /// <summary>
    /// How often the run was asked for anew after it had failed or was cancelled; a command of an earlier generation is void once that was
    /// cancelled.
    /// </summary>
    int Generation { get; }

    /// <summary>The run.</summary>
    RunSpec Run { get; }
}

/// <summary>Command: make the samples of a run.</summary>
public sealed record GenerateSamples(string RunId, RunSpec Run, int Generation = 0) : IStageCommand;

/// <summary>Command: fine-tune the model of a run on its samples.</summary>
public sealed record TrainModel(string RunId, RunSpec Run, int Generation = 0) : IStageCommand;

/// <summary>Command: predict the test split of a run, by its checkpoint or its baseline, and compute the metrics.</summary>
public sealed record EvaluateModel(string RunId, RunSpec Run, int Generation = 0) : IStageCommand;

/// <summary>Command: write results and report of an experiment whose runs have all ended.</summary>
public sealed record ReportExperiment(string ExperimentId, ExperimentSummary Summary)
{
    /// <summary>How often a run of the experiment that had ended went on before this was sent.</summary>
    public int Generation { get; init; }

    /// <summary>
    /// Where the trace of each run goes on, by the run's id, in W3C form. Here and not in headers, which a broker bounds; and not in the
    /// summary, which names the artifact.
    /// </summary>
    public IReadOnlyDictionary<string, string> TraceParents { get; init; } = new Dictionary<string, string>();
}

/// <summary>Event: results and report of an experiment are in the artifact store.</summary>
public sealed record ExperimentReported(string ExperimentId, ArtifactKey Report)
{
    /// <summary>The command's; the report of an earlier generation is no news.</summary>
    public int Generation { get; init; }
}

/// <summary>Event: the report of an experiment ended in an error that trying again would not mend.</summary>
public sealed record ReportFailed(string ExperimentId, string Reason)
{
    /// <summary>The command's; a failure of an earlier generation is no news.</summary>
    public int Generation { get; init; }
}

/// <summary>Event, to every process: nothing is to be done any more for a run, up to that generation.</summary>
public sealed record RunCancelled(string RunId, int Generation);

/// <summary>Event: a worker is at a stage; sent at the beginning and from time to time.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Attempt">Names this attempt: the same in all its heartbeats.</param>
/// <param name="Worker">The process, as <c>machine:process</c>.</param>
public sealed record StageHeartbeat(string RunId, Stage Stage, string Attempt, string Worker)
{
    /// <summary>The command's.</summary>
    public int Generation { get; init; }

    /// <summary>Whether the command had been worked on before.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Work that the next attempt need not do again, in the stage's own unit.</summary>
    public long Saved { get; init; }
}

/// <summary>Event: an attempt failed for a reason that may pass; the command is tried again.</summary>
public sealed record StageAttemptFailed(string RunId, Stage Stage, string Reason)
{
    /// <summary>The command's.</summary>
    public int Generation { get; init; }
}

/// <summary>Event: the samples of a run are in the artifact store.</summary>
public sealed record SamplesGenerated(string RunId, ArtifactKey Samples);

/// <summary>Event: the trained model of a run is in the artifact store.</summary>
public sealed record ModelTrained(string RunId, ArtifactKey Checkpoint);

/// <summary>Event: predictions and metrics of a run are in the artifact store.</summary>
public sealed record ModelEvaluated(string RunId, ArtifactKey Evaluation);

/// <summary>Event: a stage ended in an error that trying again would not mend.</summary>
public sealed record RunFailed(string RunId, Stage Stage, string Reason)
{
    /// <summary>The command's; a failure of an earlier generation is no news.</summary>
    public int Generation { get; init; }
}

/// <summary>
/// Event: an artifact that the run state calls done is not in the store; the stage that made it makes it again. It names the stage that
/// missed it, or the experiment whose report did.
/// </summary>
public sealed record ArtifactLost(ArtifactKey Artifact, string Reason)
{
    /// <summary>The run that missed it; null where a report did.</summary>
    public string? RunId { get; init; }

    /// <summary>The stage that missed it.</summary>
    public Stage Stage { get; init; }

    /// <summary>The command's.</summary>
    public int Generation { get; init; }

    /// <summary>The experiment whose report missed it; null where a run did.</summary>
    public string? ExperimentId { get; init; }
}

/// <summary>Event: how far a stage is.</summary>
public sealed record StageProgressed(string RunId, Stage Stage)
{
    /// <summary>Work done, in the stage's own unit (samples, steps or cases).</summary>
    public required long Done { get; init; }

    /// <summary>Work in all, in the same unit.</summary>
    public required long Total { get; init; }

    /// <summary>Work that another attempt would not have to do again, in the same unit.</summary>
    public long Saved { get; init; }

    /// <summary>Samples a second so far; 0 while unknown.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>Epoch, from 0; fractions count. Those of a refit come after the recipe's. Training only.</summary>
    public double? Epoch { get; init; }

    /// <summary>Loss of the last step. Training only.</summary>
    public double? Loss { get; init; }
}
