using TsVlm.Pretraining.Descriptions;

namespace TsVlm.Pretraining.Tests;

public class DescriptionTests
{
    [Theory]
    [InlineData("The trend is none. There are no cycles. The level does not shift. There are no spikes. The noise is none.")]
    [InlineData("The trend is rising. There are 5 cycles. The level shifts up at 40 %. Spikes are up at 20 %, down at 70 %. The noise is low.")]
    [InlineData("The trend is falling. There are 12 cycles. The level shifts down at 15 %. Spikes are down at 95 %. The noise is high. Channel c3 is different.")]
    [InlineData("The trend is none. There are no cycles. The level does not shift. There are no spikes. The noise is high. The channels are alike.")]
    public void Words_are_read_as_they_are_written(string text) => Assert.Equal(text, SeriesDescription.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("The trend is rising.")]
    [InlineData("The trend is sideways. There are no cycles. The level does not shift. There are no spikes. The noise is none.")]
    [InlineData("The trend is none. There are no cycles. The level does not shift. There are no spikes. The noise is none. And so on.")]
    public void Other_words_are_no_description(string text) => Assert.Null(SeriesDescription.Parse(text));

    [Fact]
    public void Places_in_steps_follow_from_the_length()
    {
        var description = new SeriesDescription { NumCycles = 4, Shift = new(true, 50), Spikes = [new(false, 100)] };
        Assert.Equal("The trend is none. There are 4 cycles of 25.3 steps. The level shifts up at step 50. Spikes are down at step 100. "
            + "The noise is none.", description.InSteps(101));
    }

    [Fact]
    public void Series_are_made_as_they_are_described()
    {
        var source = new DescribedSeries(3);
        var quiet = Enumerable.Range(0, 3000).Select(i => source.Draw(i, 1))
            .Where(one => one.Description is { Noise: NoiseLevel.None, NumCycles: 0, Spikes.Count: 0 }).ToList();
        Assert.All(quiet, one => Assert.Equal(one.Description, SeriesDescription.Parse(one.Description.ToString())));
        foreach (var (series, description) in quiet)
        {
            var values = series.Channel(0).ToArray();
            var steps = values.Zip(values.Skip(1), (a, b) => b - a).ToArray();
            if (description.Shift is { } shift)
            {
                var largest = Array.FindIndex(steps, step => Math.Abs(step) == steps.Max(Math.Abs));
                Assert.Equal(shift.IsUp, steps[largest] > 0);
                Assert.InRange((largest + 1.0) / (values.Length - 1) * 100, shift.Percent - 1.6, shift.Percent + 1.6);
            }
            else if (description.Trend is Direction.None)
            {
                Assert.Single(values.Distinct());
            }
            else
            {
                Assert.Equal(description.Trend is Direction.Rising, values[^1] > values[0]);
            }
        }
        Assert.True(quiet.Count > 100);
    }

    [Fact]
    public void One_channel_of_several_is_unlike_the_others_or_none()
    {
        var source = new DescribedSeries(4);
        var drawn = Enumerable.Range(0, 200).Select(i => source.Draw(i, 3)).ToList();
        Assert.All(drawn, one => Assert.Equal(3, one.Series.NumChannels));
        Assert.Equal([null, 0, 1, 2], drawn.Select(one => one.Description.DifferentChannel).Distinct().Order());
        Assert.Equal(drawn[5].Series.Channel(1).ToArray(), new DescribedSeries(4).Draw(5, 3).Series.Channel(1).ToArray());
    }

    [Fact]
    public void Scores_count_part_by_part()
    {
        var made = new SeriesDescription { Trend = Direction.Rising, NumCycles = 5, Spikes = [new(true, 40)] };
        (SeriesDescription, string)[] pairs =
        [
            (made, made.ToString()),
            (made, (made with { NumCycles = 6, Spikes = [new(true, 46)] }).ToString()),
            (new SeriesDescription(), (made with { NumCycles = 0, Spikes = [] }).ToString()),
            (new SeriesDescription(), "no idea"),
        ];
        var scores = DescriptionScores.Of(pairs).ToDictionary(score => score.Part);
        Assert.Equal((0.75, 4), (scores["whole sentences"].Right, scores["whole sentences"].NumSeries));
        Assert.Equal((0.5, 0.5), (scores["trend"].Right, scores["trend"].OfMostFrequent));
        Assert.Equal((0.75, 0.5), (scores["cycles"].Right, scores["cycles"].OfMostFrequent));
        Assert.Equal((0.5, 0.5), (scores["spikes"].Right, scores["spikes"].OfMostFrequent));
        Assert.DoesNotContain("different channel", scores);
    }
}
