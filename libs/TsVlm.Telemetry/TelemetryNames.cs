namespace TsVlm.Telemetry;

/// <summary>What spans, attributes and metrics are called. Where OpenTelemetry's semantic conventions have a name, it is theirs.</summary>
public static class TelemetryNames
{
    /// <summary>The trace source and the meter.</summary>
    public const string Source = "TsVlm";

    /// <summary>Span: a run, from when it was asked for until it ended. Root of the run's trace.</summary>
    public const string Run = "run";

    /// <summary>Span: the run is recorded; linked with the request that asked for it.</summary>
    public const string Submission = "submission";

    /// <summary>Span: the command of a stage or of a report goes out; followed by the stage's name, or <see cref="Report"/>.</summary>
    public const string Dispatch = "dispatch";

    /// <summary>Span: the samples are made and written to files.</summary>
    public const string Representation = "representation";

    /// <summary>Span: a checkpoint is read and becomes a model in memory.</summary>
    public const string ModelLoad = "model load";

    /// <summary>Span: hidden states of the samples are read and a linear probe is fitted to them.</summary>
    public const string Probe = "probe";

    /// <summary>Span: a temperature is fitted on the validation split.</summary>
    public const string Temperature = "temperature";

    /// <summary>Span: one pass over the training split, its validation included.</summary>
    public const string Epoch = "epoch";

    /// <summary>Span: the loss on the validation split.</summary>
    public const string Validation = "validation";

    /// <summary>Span: predictions on the test split.</summary>
    public const string Prediction = "prediction";

    /// <summary>Span: the metrics of the predictions.</summary>
    public const string Metrics = "metrics";

    /// <summary>Span: the results and report of an experiment; in a run's trace, that run's part in them.</summary>
    public const string Report = "report";

    /// <summary>Span: files go to the artifact store.</summary>
    public const string Upload = "artifact upload";

    /// <summary>Span: files come from the artifact store.</summary>
    public const string Download = "artifact download";

    /// <summary>Span: a pass of several series through a served model; linked with their requests.</summary>
    public const string Pass = "pass";

    /// <summary>Span: samples are made of the series of a request.</summary>
    public const string Samples = "samples";

    /// <summary>Span: the series of a request wait for their passes and are computed.</summary>
    public const string Classification = "classification";

    /// <summary>Span: a piece of a stream, from its arrival until its windows are answered.</summary>
    public const string Piece = "piece";

    /// <summary>Attribute: name of a served model.</summary>
    public const string ServedModel = "tsvlm.model";

    /// <summary>Attribute: a phase of serving; <c>samples</c>, <c>queue</c> or <c>compute</c>.</summary>
    public const string Phase = "tsvlm.phase";

    /// <summary>Attribute: <c>RunSpec.Id</c>.</summary>
    public const string RunId = "tsvlm.run.id";

    /// <summary>Attribute: how often the run was asked for anew.</summary>
    public const string Generation = "tsvlm.run.generation";

    /// <summary>Attribute: the experiment.</summary>
    public const string ExperimentId = "tsvlm.experiment.id";

    /// <summary>Attribute: name of the data set.</summary>
    public const string Dataset = "tsvlm.dataset";

    /// <summary>Attribute: name of the scenario, or <c>baseline:NAME</c>.</summary>
    public const string Scenario = "tsvlm.scenario";

    /// <summary>Attribute: the resample of the split.</summary>
    public const string Resample = "tsvlm.resample";

    /// <summary>Attribute: the seed.</summary>
    public const string Seed = "tsvlm.seed";

    /// <summary>Attribute: datagen, training or evaluation.</summary>
    public const string Stage = "tsvlm.stage";

    /// <summary>Attribute: how often the stage was tried, this time included.</summary>
    public const string Attempt = "tsvlm.attempt";

    /// <summary>Attribute: how a stage ended; <c>done</c>, <c>failed</c>, <c>retried</c>, <c>cancelled</c> or <c>stopped</c>.</summary>
    public const string Outcome = "tsvlm.outcome";

    /// <summary>Attribute: samples worked on.</summary>
    public const string NumSamples = "tsvlm.samples";

    /// <summary>Attribute: samples a second.</summary>
    public const string SamplesPerSecond = "tsvlm.samples_per_second";

    /// <summary>Attribute: tokens of the sequences, image tokens included.</summary>
    public const string NumTokens = "tsvlm.tokens";

    /// <summary>Attribute: tokens a second.</summary>
    public const string TokensPerSecond = "tsvlm.tokens_per_second";

    /// <summary>Attribute: number of the epoch, from 1.</summary>
    public const string EpochNumber = "tsvlm.epoch";

    /// <summary>Attribute, true: the epoch is one of a refit, over training and validation split.</summary>
    public const string Refit = "tsvlm.refit";

    /// <summary>Attribute: mean loss of an epoch's steps, or the loss of a validation, in nats.</summary>
    public const string Loss = "tsvlm.loss";

    /// <summary>Attribute: share of test cases predicted right.</summary>
    public const string Accuracy = "tsvlm.accuracy";

    /// <summary>Attribute: kind of an artifact.</summary>
    public const string ArtifactKind = "tsvlm.artifact.kind";

    /// <summary>Attribute: an artifact's place in the store.</summary>
    public const string ArtifactPath = "tsvlm.artifact.path";

    /// <summary>Attribute: size of an artifact.</summary>
    public const string Bytes = "tsvlm.artifact.bytes";

    /// <summary>
    /// Attribute: seconds of a stage that none of the spans below it explains.
    /// </summary>
    public const string Unaccounted = "tsvlm.stage.unaccounted";

    /// <summary>Attribute of the conventions for generative models: what is asked of the model.</summary>
    public const string GenAiOperation = "gen_ai.operation.name";

    /// <summary>Attribute of the conventions for generative models: the model.</summary>
    public const string GenAiModel = "gen_ai.request.model";

    /// <summary>Attribute of the conventions: type of an error.</summary>
    public const string ErrorType = "error.type";

    /// <summary>Attribute of the conventions: <c>transmit</c> or <c>receive</c>.</summary>
    public const string Direction = "network.io.direction";
}
