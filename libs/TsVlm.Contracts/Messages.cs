namespace TsVlm.Contracts;

/// <summary>A step of a run.</summary>
public enum Stage
{
    /// <summary>Data generation: samples from series.</summary>
    Datagen,
    /// <summary>Fine-tuning.</summary>
    Training,
    /// <summary>Predictions on the test split and their figures.</summary>
    Evaluation,
}

/// <summary>Command: make the samples of a run.</summary>
public sealed record GenerateSamples(string RunId, RunSpec Run);

/// <summary>Command: fine-tune the model of a run on its samples.</summary>
public sealed record TrainModel(string RunId, RunSpec Run);

/// <summary>Command: predict the test split of a run, by its checkpoint or its baseline, and compute the figures.</summary>
public sealed record EvaluateModel(string RunId, RunSpec Run);

/// <summary>Event: the samples of a run are in the artifact store.</summary>
public sealed record SamplesGenerated(string RunId, ArtifactKey Samples);

/// <summary>Event: the trained model of a run is in the artifact store.</summary>
public sealed record ModelTrained(string RunId, ArtifactKey Checkpoint);

/// <summary>Event: predictions and figures of a run are in the artifact store.</summary>
public sealed record ModelEvaluated(string RunId, ArtifactKey Evaluation);

/// <summary>Event: a stage ended in an error that trying again would not mend.</summary>
public sealed record RunFailed(string RunId, Stage Stage, string Reason);

/// <summary>Event: how far a stage is.</summary>
public sealed record StageProgressed(string RunId, Stage Stage)
{
    /// <summary>Work done, in the stage's own unit (samples, steps or cases).</summary>
    public required long Done { get; init; }

    /// <summary>Work in all, in the same unit.</summary>
    public required long Total { get; init; }

    /// <summary>Samples a second so far; 0 while unknown.</summary>
    public double SamplesPerSecond { get; init; }

    /// <summary>Epoch, from 0; fractions count. Training only.</summary>
    public double? Epoch { get; init; }

    /// <summary>Loss of the last step. Training only.</summary>
    public double? Loss { get; init; }
}
