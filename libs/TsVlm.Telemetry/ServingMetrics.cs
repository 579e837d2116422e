using System.Diagnostics.Metrics;

namespace TsVlm.Telemetry;

/// <summary>What a serving process measures, by model.</summary>
public static class ServingMetrics
{
    /// <summary>Phase: samples are made of the series of a request.</summary>
    public const string Samples = "samples";

    /// <summary>Phase: a series waits for its pass.</summary>
    public const string Queue = "queue";

    /// <summary>Phase: a pass through the model.</summary>
    public const string Compute = "compute";

    private static readonly Meter Meter = new(TelemetryNames.Source);
    private static readonly InstrumentAdvice<double> Times =
        new() { HistogramBucketBoundaries = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] };
    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] };

    private static readonly UpDownCounter<int> QueueLength =
        Meter.CreateUpDownCounter<int>("tsvlm.serving.queue", "{series}", "Series that are admitted: they wait or are computed.");
    private static readonly Histogram<int> BatchSize =
        Meter.CreateHistogram("tsvlm.serving.batch.size", "{series}", "Series of a pass through a model.", tags: null, Sizes);
    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram("tsvlm.serving.duration", "s", "Time of a phase of serving.", tags: null, Times);
    private static readonly Counter<long> Refusals =
        Meter.CreateCounter<long>("tsvlm.serving.refusals", "{request}",
            "Requests that were refused because the queue was full or too many streams were open.");
    private static readonly UpDownCounter<int> Streams =
        Meter.CreateUpDownCounter<int>("tsvlm.serving.streams", "{stream}", "Streams that are open.");
    private static readonly Counter<long> Drops =
        Meter.CreateCounter<long>("tsvlm.serving.streams.dropped", "{stream}", "Streams that were dropped because they were idle.");

    /// <summary>Series are admitted, or have left where the number is below 0.</summary>
    public static void Admitted(string model, int count) => QueueLength.Add(count, Tag(model));

    /// <summary>A request is refused because the queue is full, or too many streams are open.</summary>
    public static void Refused(string model) => Refusals.Add(1, Tag(model));

    /// <summary>Streams are opened, or have ended where the number is below 0.</summary>
    public static void Opened(string model, int count) => Streams.Add(count, Tag(model));

    /// <summary>A stream is dropped because no piece of it came for too long.</summary>
    public static void Dropped(string model) => Drops.Add(1, Tag(model));

    /// <summary>A pass begins.</summary>
    public static void Pass(string model, int size) => BatchSize.Record(size, Tag(model));

    /// <summary>A phase has ended.</summary>
    public static void Ended(string model, string phase, TimeSpan time) =>
        Duration.Record(time.TotalSeconds, Tag(model), new(TelemetryNames.Phase, phase));

    private static KeyValuePair<string, object?> Tag(string model) => new(TelemetryNames.ServedModel, model);
}
