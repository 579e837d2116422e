using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.Serving.Classification;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Serving.Tests.Classification;

/// <summary>An answer has the same bits however many series are asked, in a pass, at once or one after another.</summary>
public class SeriesClassifierTests(TrainedModels models)
{
    private static readonly CancellationToken CancellationToken = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("probe", 1)]
    [InlineData("channels", 3)]
    [InlineData("answers", 1)]
    public async Task Answers_have_the_same_bits_alone_in_any_order_and_several_at_once(string model, int numChannels)
    {
        using var classifier = await Open(model);
        TimeSeries[] series = [.. Enumerable.Range(0, 8).Select(i => TrainedModels.Walk(i, numChannels))];
        var alone = series.Select(one => Bits(classifier.Classify(one))).ToArray();
        Assert.True(alone.Distinct().Count() > 6, "series have answers of their own");
        NewSeries[] together = [.. series.Reverse().Select(one => new NewSeries(one, "here"))];
        foreach (var atOnce in (int[])[1, 4])
            Assert.Equal(alone.Reverse(), classifier.Classify(together, atOnce, CancellationToken).Select(Bits));
    }

    [Fact]
    public async Task A_pass_that_is_allowed_gives_the_bits_of_passes_of_one()
    {
        using var classifier = await Open("probe");
        var size = PassSize.Find(classifier, 5);
        Assert.InRange(size, 1, 5);
        var inputs = Enumerable.Range(40, 12).Select(i => classifier.Build(TrainedModels.Walk(i))).ToArray();
        var alone = inputs.Select(input => Bits(classifier.Classify([input])[0])).ToArray();
        for (var n = 1; n <= size; n++)
            Assert.Equal(alone, inputs.Chunk(n).SelectMany(pass => classifier.Classify(pass)).Select(Bits));
    }

    /// <summary>What a prompt's length changes cannot be checked beforehand.</summary>
    [Fact]
    public async Task A_model_whose_answers_are_scored_has_one_series_in_a_pass()
    {
        using var classifier = await Open("answers");
        Assert.Equal(1, PassSize.Find(classifier, 6));
    }

    [Fact]
    public async Task A_series_of_other_channels_is_refused_with_its_place()
    {
        using var classifier = await Open("channels");
        NewSeries[] series = [new(TrainedModels.Walk(1, 3), "new.ts(1)"), new(TrainedModels.Walk(2, 2), "new.ts(2)")];
        var error = Assert.Throws<RepresentationException>(() => classifier.Classify(series, 2, CancellationToken));
        Assert.StartsWith("new.ts(2): Series: expected 3 channels", error.Message, StringComparison.Ordinal);
    }

    private Task<SeriesClassifier> Open(string model) =>
        SeriesClassifier.Open(Path.Combine(Path.GetDirectoryName(models.Probe)!, model), ComputeDevice.Cpu, CancellationToken);

    private static string Bits(SeriesAnswer answer) =>
        $"{answer.Label} {string.Join(' ', answer.Probabilities.Select(p => BitConverter.DoubleToInt64Bits(p).ToString("x16")))}";
}
