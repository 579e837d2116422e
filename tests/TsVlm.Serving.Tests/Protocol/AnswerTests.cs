using TsVlm.Data;
using TsVlm.Serving.Classification;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Serving.Tests.Protocol;

/// <summary>Served answers against those of <c>tsvlm predict</c>, which <see cref="SeriesClassifier"/> computes.</summary>
public class AnswerTests(TrainedModels models)
{
    private static readonly CancellationToken CancellationToken = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task Served_answers_have_the_bits_of_predict_in_requests_of_any_size(int size)
    {
        await using var serving = await TestServing.Start(null, ("shapes", models.Probe));
        using var classifier = await SeriesClassifier.Open(models.Probe, ComputeDevice.Cpu, CancellationToken);
        TimeSeries[] series = [.. Enumerable.Range(0, size).Select(i => TrainedModels.Walk(i))];
        var expected = Predicted(classifier, series);
        var (status, plain) = await serving.Post("/classify/shapes", Requests.Plain(series));
        Assert.Equal(200, status);
        Assert.Equal(expected, Requests.Answers(plain));
        var (_, inferred) = await serving.Post("/v2/models/shapes/infer", Requests.Infer(series));
        Assert.Equal(expected, Requests.Answers(inferred));
        Assert.Equal(("seven", "shapes", "1"), ((string)inferred["id"]!, (string)inferred["model_name"]!, (string)inferred["model_version"]!));
    }

    [Fact]
    public async Task Served_answers_have_the_bits_of_predict_with_many_callers_at_once()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 4, AtOnce = 2, MaxWait = TimeSpan.FromMilliseconds(5) },
            ("shapes", models.Probe), ("words", models.Answers));
        foreach (var (name, folder) in new[] { ("shapes", models.Probe), ("words", models.Answers) })
        {
            using var classifier = await SeriesClassifier.Open(folder, ComputeDevice.Cpu, CancellationToken);
            TimeSeries[] series = [.. Enumerable.Range(0, 40).Select(i => TrainedModels.Walk(i))];
            var answers = await Task.WhenAll(series.Select(async one =>
                Requests.Answers((await serving.Post($"/classify/{name}", Requests.Plain([one]))).Json).Single()));
            Assert.Equal(Predicted(classifier, series), answers);
        }
    }

    [Fact]
    public async Task Channels_missing_values_and_unequal_lengths_arrive_by_both_calls()
    {
        await using var serving = await TestServing.Start(null, ("channels", models.Channels));
        using var classifier = await SeriesClassifier.Open(models.Channels, ComputeDevice.Cpu, CancellationToken);
        TimeSeries[] series = [TrainedModels.Walk(1, 3, 30), WithGaps(TrainedModels.Walk(2, 3, 21)), TrainedModels.Walk(3, 3, 44)];
        var expected = Predicted(classifier, series);
        Assert.NotEqual(expected[1], Predicted(classifier, [TrainedModels.Walk(2, 3, 21)])[0]);
        Assert.Equal(expected, Requests.Answers((await serving.Post("/classify/channels", Requests.Plain(series))).Json));
        Assert.Equal(expected, Requests.Answers((await serving.Post("/v2/models/channels/infer", Requests.Infer(series))).Json));
    }

    [Fact]
    public async Task A_number_can_stand_for_a_missing_value_and_data_be_nested_or_single_precision()
    {
        await using var serving = await TestServing.Start(null, ("shapes", models.Probe));
        using var classifier = await SeriesClassifier.Open(models.Probe, ComputeDevice.Cpu, CancellationToken);
        var expected = Predicted(classifier, [new TimeSeries([[0.1f, double.NaN, 2.5]])]);
        var (_, answer) = await serving.Post("/v2/models/shapes/infer", """
            {"inputs": [{"name": "series", "shape": [1, 1, 3], "datatype": "FP32", "data": [[[0.1, -999, 2.5]]],
             "parameters": {"missing_value": -999, "another": true}}]}
            """);
        Assert.Equal(expected, Requests.Answers(answer));
        Assert.Null(answer["id"]);
    }

    [Fact]
    public async Task Outputs_are_those_that_are_asked_for_and_abstention_goes_by_the_least_confidence()
    {
        await using var serving = await TestServing.Start(null, ("shapes", models.Probe));
        var (_, plain) = await serving.Post("/classify/shapes", """{"series": [[[1, 2, 3]]]}""");
        var confidence = plain["answers"]![0]!["probabilities"]!.AsObject().Max(p => (double)p.Value!);
        Assert.Null(plain["answers"]![0]!["abstained"]);
        foreach (var (min, abstains) in new[] { (confidence, false), (Math.BitIncrement(confidence), true) })
        {
            var (_, answer) = await serving.Post("/v2/models/shapes/infer", FormattableString.Invariant($$$"""
                {"inputs": [{"name": "series", "shape": [1, 1, 3], "datatype": "FP64", "data": [1, 2, 3]}],
                 "outputs": [{"name": "abstained"}, {"name": "classes"}], "parameters": {"min_confidence": {{{min:R}}} }}
                """));
            Assert.Equal(["abstained", "classes"], answer["outputs"]!.AsArray().Select(output => (string)output!["name"]!));
            Assert.Equal([abstains], Requests.Output(answer, "abstained").Select(one => (bool)one!));
            Assert.Equal(["falling", "flat, \"steady\"", "rising"], Requests.Output(answer, "classes").Select(one => (string)one!));
            var (_, again) = await serving.Post("/classify/shapes",
                FormattableString.Invariant($$$"""{"series": [[[1, 2, 3]]], "minConfidence": {{{min:R}}} }"""));
            Assert.Equal(abstains, (bool)again["answers"]![0]!["abstained"]!);
        }
    }

    private static List<string> Predicted(SeriesClassifier classifier, TimeSeries[] series) =>
        [.. classifier.Classify([.. series.Select(one => new NewSeries(one, "here"))], 2, CancellationToken)
            .Select(answer => Requests.Bits(answer.Label, answer.Probabilities))];

    private static TimeSeries WithGaps(TimeSeries series) => new(Enumerable.Range(0, series.NumChannels)
        .Select(c => series.Channel(c).ToArray().Select((value, t) => t % 7 == c ? double.NaN : value).ToArray()));
}
