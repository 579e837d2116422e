using System.Diagnostics.Metrics;
using TsVlm.Contracts;

namespace TsVlm.Telemetry;

/// <summary>
/// What the stages measure. A process works on one stage at a time, so its gauges need no run's id: the process tells them apart, and no
/// attribute has more than a few values.
/// </summary>
public static class StageMetrics
{
    private static readonly Meter Meter = new(TelemetryNames.Source);
    // Stages take from a tenth of a second to days.
    private static readonly InstrumentAdvice<double> Times =
        new() { HistogramBucketBoundaries = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000] };

    private static readonly Gauge<double> Loss =
        Meter.CreateGauge<double>("tsvlm.training.loss", "nat", "Mean cross-entropy over the answer tokens of the last step.");
    private static readonly Gauge<double> ValidationLoss =
        Meter.CreateGauge<double>("tsvlm.training.validation.loss", "nat",
            "Mean cross-entropy over the answer tokens of the validation split, after the last epoch.");
    private static readonly Gauge<double> SamplesPerSecond =
        Meter.CreateGauge<double>("tsvlm.stage.samples.rate", "{sample}/s", "Samples a second of the stage under way.");
    private static readonly Gauge<double> TokensPerSecond =
        Meter.CreateGauge<double>("tsvlm.stage.tokens.rate", "{token}/s", "Tokens a second of the stage under way, image tokens included.");
    private static readonly Histogram<double> QueueWait =
        Meter.CreateHistogram("tsvlm.stage.queue.wait", "s", "Time from sending a command to its first delivery.", tags: null, Times);
    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram("tsvlm.stage.duration", "s", "Time that an attempt at a stage took.", tags: null, Times);
    private static readonly Histogram<double> UnaccountedTime = Meter.CreateHistogram(TelemetryNames.Unaccounted, "s",
        "Time of an attempt at a stage that none of its spans explains; only where traces are sent.", tags: null, Times);
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("tsvlm.stage.attempts", "{attempt}", "Attempts at stages.");
    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("tsvlm.stage.failures", "{failure}", "Attempts at stages that failed, by the type of the error.");
    private static readonly Counter<long> StoreBytes =
        Meter.CreateCounter<long>("tsvlm.store.io", "By", "Bytes sent to and received from the artifact store.");

    /// <summary>The stage as attributes and spans name it.</summary>
    public static string NameOf(Stage stage) => stage switch
    {
        Stage.Datagen => "datagen",
        Stage.Training => "training",
        _ => "evaluation",
    };

    /// <summary>An attempt begins.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="wait">Time since the command was sent; null where it had been delivered before.</param>
    public static void Begin(Stage stage, TimeSpan? wait)
    {
        Attempts.Add(1, Tag(stage));
        if (wait is { } waited) QueueWait.Record(Math.Max(waited.TotalSeconds, 0), Tag(stage));
    }

    /// <summary>An attempt ends.</summary>
    public static void End(Stage stage, string outcome, TimeSpan elapsed, Exception? error)
    {
        Duration.Record(elapsed.TotalSeconds, Tag(stage), new(TelemetryNames.Outcome, outcome));
        if (error is not null) Failures.Add(1, Tag(stage), new(TelemetryNames.ErrorType, error.GetType().FullName));
    }

    /// <summary>Time of an attempt that none of its spans explains.</summary>
    public static void Unaccounted(Stage stage, TimeSpan time) => UnaccountedTime.Record(time.TotalSeconds, Tag(stage));

    /// <summary>How fast a stage is.</summary>
    public static void Progress(StageProgressed progress)
    {
        SamplesPerSecond.Record(progress.SamplesPerSecond, Tag(progress.Stage));
        if (progress.Loss is { } loss) Loss.Record(loss);
    }

    /// <summary>How fast a stage works on tokens.</summary>
    public static void Tokens(Stage stage, double tokensPerSecond) => TokensPerSecond.Record(tokensPerSecond, Tag(stage));

    /// <summary>The loss of a validation.</summary>
    public static void Validated(double loss) => ValidationLoss.Record(loss);

    /// <summary>Bytes that went to the store or came from it.</summary>
    public static void Transferred(long bytes, bool isUpload) =>
        StoreBytes.Add(bytes, new KeyValuePair<string, object?>(TelemetryNames.Direction, isUpload ? "transmit" : "receive"));

    private static KeyValuePair<string, object?> Tag(Stage stage) => new(TelemetryNames.Stage, NameOf(stage));
}
