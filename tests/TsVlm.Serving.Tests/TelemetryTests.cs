using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using TsVlm.Serving.Tests.Streams;
using TsVlm.Telemetry;

namespace TsVlm.Serving.Tests;

/// <summary>Metrics and spans of served requests.</summary>
public class TelemetryTests(TrainedModels models)
{
    [Fact]
    public async Task A_request_is_measured_by_phase_and_leaves_the_queue_empty()
    {
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name.StartsWith("tsvlm.serving.", StringComparison.Ordinal)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        await using (var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("measured", models.Answers)))
        {
            await serving.Post("/classify/measured", """{"series": [[[1, 2]], [[3, 4]]]}""");
        }
        Assert.Equal(0, measured["tsvlm.serving.queue"]);
        Assert.Equal(2, measured["tsvlm.serving.batch.size"]);
        Assert.All((string[])[ServingMetrics.Samples, ServingMetrics.Queue, ServingMetrics.Compute],
            phase => Assert.True(measured[$"tsvlm.serving.duration {phase}"] > 0));

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var values = tags.ToArray().ToDictionary();
            if (values[TelemetryNames.ServedModel] is not "measured") return;
            var name = values.GetValueOrDefault(TelemetryNames.Phase) is string phase ? $"{instrument.Name} {phase}" : instrument.Name;
            measured.AddOrUpdate(name, value, (_, sum) => sum + value);
        }
    }

    [Fact]
    public async Task A_pass_is_linked_with_the_requests_whose_series_it_computes()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using (var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("traced", models.Answers)))
        {
            await serving.Post("/classify/traced", """{"series": [[[1, 2]]]}""");
        }
        var ours = spans.Where(span => span.GetTagItem(TelemetryNames.ServedModel) is "traced").ToDictionary(span => span.OperationName);
        Assert.Equal([TelemetryNames.Classification, TelemetryNames.Pass, TelemetryNames.Samples], ours.Keys.Order());
        Assert.Equal(ours[TelemetryNames.Classification].SpanId, Assert.Single(ours[TelemetryNames.Pass].Links).Context.SpanId);
        Assert.NotEqual(ours[TelemetryNames.Classification].TraceId, ours[TelemetryNames.Pass].TraceId);
    }

    [Fact]
    public async Task A_piece_over_a_socket_has_a_trace_of_its_own_and_streams_are_counted_while_open()
    {
        var (spans, open) = (new ConcurrentQueue<Activity>(), new ConcurrentQueue<int>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "tsvlm.serving.streams") self.EnableMeasurementEvents(instrument);
            },
        };
        meter.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new(TelemetryNames.ServedModel, "streamed"))) open.Enqueue(value);
        });
        meter.Start();
        await using (var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("streamed", models.Answers)))
        {
            using var socket = await serving.Connect("/stream/streamed");
            await socket.Send(Pieces.Of("a", [[1, 2]], new { window = 2 }));
            await socket.Receive();
            await socket.Send(Pieces.Of("a", [[1, 2]], end: true));
            await socket.Receive();
        }
        Assert.Equal([1, -1], open);
        var ours = spans.Where(span => span.GetTagItem(TelemetryNames.ServedModel) is "streamed").ToLookup(span => span.OperationName);
        Assert.Equal(2, ours[TelemetryNames.Piece].Select(span => span.TraceId).Distinct().Count());
        Assert.All(ours[TelemetryNames.Piece], span => Assert.Equal(default, span.ParentSpanId));
        Assert.Equal(ours[TelemetryNames.Piece].Select(span => span.SpanId).Order(BySpan), ours[TelemetryNames.Classification].Select(span => span.ParentSpanId).Order(BySpan));
    }

    private static Comparer<ActivitySpanId> BySpan { get; } = Comparer<ActivitySpanId>.Create((a, b) => string.CompareOrdinal(a.ToHexString(), b.ToHexString()));
}
