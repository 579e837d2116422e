using System.Text.Json.Nodes;
using TsVlm.Data;
using TsVlm.Serving.Classification;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Serving.Tests.Streams;

/// <summary>Answers to the windows of streams against those of <c>tsvlm predict</c> to the same windows as series.</summary>
public sealed class StreamAnswerTests(TrainedModels models) : IAsyncLifetime
{
    private static readonly CancellationToken CancellationToken = TestContext.Current.CancellationToken;
    private TestServing serving = null!;

    public async ValueTask InitializeAsync() => serving = await TestServing.Start(new() { MaxBatch = 3 }, ("shapes", models.Probe), ("channels", models.Channels));

    [Fact]
    public async Task Windows_have_the_bits_of_predict_in_pieces_of_any_size_and_streams_do_not_mix()
    {
        using var classifier = await SeriesClassifier.Open(models.Probe, ComputeDevice.Cpu, CancellationToken);
        var answers = new Dictionary<string, List<string>>();
        var sensors = Enumerable.Range(0, 3).ToDictionary(i => $"sensor {i}", i => (Series: TrainedModels.Walk(i, 1, 50), Size: 7 + (i * 9)));
        foreach (var id in sensors.Keys)
            answers[id] = Pieces.Windows(await Posted(Pieces.Of(id, start: new { window = 20, hop = 6 })));
        for (var from = 0; from < 50; from++)
        {
            foreach (var (id, (series, size)) in sensors.Where(sensor => from % sensor.Value.Size == 0))
                answers[id].AddRange(Pieces.Windows(await Posted(Pieces.Of(id, [series.Channel(0)[from..Math.Min(from + size, 50)].ToArray()]))));
        }
        foreach (var (id, (series, _)) in sensors)
        {
            Assert.Equal(Enumerable.Range(0, 6).Select(i => Expected(classifier, series, i * 6, 20)), answers[id]);
            var end = await Posted(Pieces.Of(id, end: true));
            Assert.Equal((50, 50, 56, true), ((int)end["samples"]!, (int)end["steps"]!, (int)end["nextEnd"]!, (bool)end["ended"]!));
        }
        Assert.Equal(0, serving.Streams.Count);
    }

    [Fact]
    public async Task Irregular_samples_of_several_channels_are_answered_as_their_regular_grid_is()
    {
        using var classifier = await SeriesClassifier.Open(models.Channels, ComputeDevice.Cpu, CancellationToken);
        double[] times = [0, 0.5, 1, 1.5, 3, 10, 10.5, 11];
        double[][] values = [[0, 2, 4, 6, 0, 1, 2, 3], [1, 1, 1, 1, 1, 1, 1, 1], [0, double.NaN, 4, 2, 5, 5, 4, 6]];
        double none = double.NaN;
        TimeSeries grid = new([[0, 4, 4, 0, none, none, none, none, none, none, 1, 3], [1, 1, 1, 1, none, none, none, none, none, none, 1, 1],
            [0, 4, 3, 5, none, none, none, none, none, none, 5, 6]]);
        var answer = await Posted(Pieces.Of("a", values, new { window = 4, hop = 4, interval = 1, maxGap = 2 }, times: times), "channels");
        Assert.Equal([Expected(classifier, grid, 0, 4), "4 8 none", Expected(classifier, grid, 8, 4)], Pieces.Windows(answer));
        Assert.Equal([3, 7, 11], answer["windows"]!.AsArray().Select(window => (double)window!["time"]!));
        Assert.Equal([false, true, false], answer["windows"]!.AsArray().Select(window => (bool)window!["abstained"]!));
        Assert.Null(answer["windows"]![1]!["probabilities"]);
    }

    [Fact]
    public async Task Windows_below_the_least_confidence_abstain_and_raise_no_alarm()
    {
        double[] walk = TrainedModels.Walk(4, 1, 80).Channel(0).ToArray();
        var all = (await Posted(Pieces.Of("all", [walk], new { window = 20, hop = 10, alarms = new { after = 1, clearAfter = 1 } }, end: true)))["windows"]!.AsArray();
        var confidence = all.Select(Confidence).Order().ElementAt(3);
        var some = (await Posted(Pieces.Of("some", [walk],
            new { window = 20, hop = 10, minConfidence = confidence, alarms = new { after = 1, clearAfter = 1 } }, end: true)))["windows"]!.AsArray();
        Assert.Equal(all.Select(window => Confidence(window) < confidence), some.Select(window => (bool)window!["abstained"]!));
        Assert.Equal(3, some.Count(window => (bool)window!["abstained"]!));
        Assert.All(all, window => Assert.Equal((string)window!["label"]!, (string)Assert.Single(window["alarms"]!.AsArray())!));
        Assert.All(some, window => Assert.Equal((bool)window!["abstained"]! ? 0 : 1, window["alarms"]!.AsArray().Count));
        Assert.Single(all[0]!["raised"]!.AsArray());

        static double Confidence(JsonNode? window) => window!["probabilities"]!.AsObject().Max(p => (double)p.Value!);
    }

    public ValueTask DisposeAsync() => serving.DisposeAsync();

    private async Task<JsonNode> Posted(string piece, string model = "shapes")
    {
        var (status, answer) = await serving.Post($"/stream/{model}", piece);
        Assert.True(status == 200, answer.ToJsonString());
        return answer;
    }

    private static string Expected(SeriesClassifier classifier, TimeSeries series, int start, int length)
    {
        TimeSeries window = new(Enumerable.Range(0, series.NumChannels).Select(c => series.Channel(c).Slice(start, length).ToArray()));
        var answer = classifier.Classify([new NewSeries(window, "here")], 1, CancellationToken)[0];
        return $"{start} {start + length} {Requests.Bits(answer.Label, answer.Probabilities)}";
    }
}
