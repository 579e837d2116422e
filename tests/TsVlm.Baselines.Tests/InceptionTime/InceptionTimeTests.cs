using TsVlm.Baselines.InceptionTime;
using TsVlm.Baselines.Series;
using TsVlm.Data;

namespace TsVlm.Baselines.Tests.InceptionTime;

public sealed class InceptionTimeTests
{
    private static readonly InceptionTimeSettings Small = new() { NumNetworks = 2, NumEpochs = 120, Shape = InceptionShape.Tiny };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Of two channels only the order of a peak and a dip in the second tells the classes apart, wherever they are.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void InceptionTime_learns_a_pattern_that_may_be_anywhere(int numChannels)
    {
        var (training, test) = (Patterns(new Random(1), 24, numChannels), Patterns(new Random(2), 40, numChannels));
        var result = Run(Small, training, test, 0);
        Assert.InRange(test.Zip(result.Predictions).Count(pair => pair.First.Label == pair.Second), 36, 40);
        Assert.All(result.Probabilities, row => Assert.Equal(1, row.Sum(), 12));
    }

    [Fact]
    public void A_seed_decides_the_result()
    {
        var (training, test) = (Patterns(new Random(1), 10, 1), Patterns(new Random(2), 5, 1));
        var once = Of(4);
        Assert.Equal(once, Of(4));
        Assert.NotEqual(once, Of(5));

        double[] Of(int seed) => [.. Run(Small with { NumEpochs = 5 }, training, test, seed).Probabilities.SelectMany(row => row)];
    }

    [Fact]
    public void Probabilities_are_the_mean_over_networks_that_differ()
    {
        var (training, test) = (Patterns(new Random(1), 10, 1), Patterns(new Random(2), 5, 1));
        var single = Small with { NumNetworks = 1, NumEpochs = 5 };
        // Of two networks, seed 3 has the ones that single networks have at the seeds 6 and 7.
        var both = Run(single with { NumNetworks = 2 }, training, test, 3).Probabilities;
        var (one, other) = (Run(single, training, test, 6).Probabilities, Run(single, training, test, 7).Probabilities);
        for (var i = 0; i < test.Length; i++)
        {
            for (var c = 0; c < 2; c++) Assert.Equal((one[i][c] + other[i][c]) / 2, both[i][c], 12);
        }
        Assert.NotEqual(one[0], other[0]);
    }

    [Fact]
    public void Progress_rises_while_the_networks_train_and_ends_with_the_last_series()
    {
        var (training, test) = (Patterns(new Random(1), 4, 1), Patterns(new Random(2), 9, 1));
        var seen = new List<int>();
        InceptionTimeClassifier.Run(Small with { NumEpochs = 8 }, training, [.. test.Select(c => c.Series)], ["ab", "ba"], 0, 1, seen.Add,
            Stop);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], seen);
    }

    [Theory]
    [InlineData("inceptiontime", 1500)]
    [InlineData("inceptiontime:150", 150)]
    [InlineData("inceptiontime:1", 1)]
    [InlineData("inceptiontime:99999", 99_999)]
    [InlineData("inceptiontime:1500", null)]
    [InlineData("inceptiontime:0", null)]
    [InlineData("inceptiontime:015", null)]
    [InlineData("inceptiontime:100000", null)]
    [InlineData("inceptiontime:-3", null)]
    [InlineData("inceptiontime: 3", null)]
    [InlineData("inceptiontime:3\n", null)]
    [InlineData("inceptiontime:", null)]
    [InlineData("inceptiontimes", null)]
    [InlineData("InceptionTime", null)]
    public void The_name_says_the_number_of_epochs_and_the_published_one_has_one_name(string name, int? numEpochs)
    {
        Assert.Equal(numEpochs, InceptionTimeSettings.Of(name)?.NumEpochs);
        if (numEpochs is null)
            Assert.Throws<ArgumentException>(() => Baseline.Run(name, Patterns(new Random(1), 4, 1), [], ["ab", "ba"], 0, 1, null, Stop));
    }

    [Fact]
    public void Series_that_cannot_be_used_are_refused()
    {
        var training = Patterns(new Random(1), 4, 1);
        Assert.Throws<ArgumentException>(() => Run(Small, [], training, 0));
        Assert.Throws<ArgumentException>(() => Run(Small, training, Patterns(new Random(1), 4, 2), 0));
        Assert.Throws<ArgumentException>(() => Run(Small, training, [new(new([[double.NegativeInfinity]]), "ab")], 0));
        Assert.Throws<ArgumentException>(() => Run(Small, [new(training[0].Series, "another")], training, 0));
    }

    [Fact]
    public void No_test_series_gives_no_prediction() =>
        Assert.Empty(Run(Small with { NumEpochs = 1 }, Patterns(new Random(1), 4, 1), [], 0).Predictions);

    private static BaselineResult Run(InceptionTimeSettings settings, LabelledSeries[] training, LabelledSeries[] test, int seed) =>
        InceptionTimeClassifier.Run(settings, training, [.. test.Select(labelled => labelled.Series)], ["ab", "ba"], seed, 1, null, Stop);

    private static LabelledSeries[] Patterns(Random random, int count, int numChannels) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var channels = Enumerable.Range(0, numChannels)
            .Select(_ => Enumerable.Range(0, 30).Select(_ => random.NextDouble() - 0.5).ToArray()).ToArray();
        var (at, sign) = (random.Next(0, 22), i % 2 == 0 ? 3 : -3);
        for (var t = 0; t < 4; t++)
            (channels[^1][at + t], channels[^1][at + 4 + t]) = (channels[^1][at + t] + sign, channels[^1][at + 4 + t] - sign);
        return new LabelledSeries(new(channels), i % 2 == 0 ? "ab" : "ba");
    })];
}
