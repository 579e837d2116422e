using TsVlm.Data.Splits;

namespace TsVlm.Data.Tests.Splits;

public sealed class SplitSharesTests
{
    /// <summary>As PigCVP: 52 classes of 6 cases each. A tenth of 312 is 31, but every class gives one case to validation and one to test.</summary>
    [Fact]
    public void A_pooled_split_of_many_small_classes_says_what_it_is_instead_of_80_10_10()
    {
        var split = Splitter.Split(WithCounts([.. Enumerable.Repeat(6, 52)]), "80-10-10", 0);
        Assert.Equal("Protocol 80-10-10 asks for 250 training, 31 validation and 31 test cases; the split has 208, 52 and 52 (67, 17 and 17 %): "
            + "each class gives whole cases, at least one to every part that it has cases for.", SplitShares.Note("80-10-10", split));
        Assert.Equal("Protocol 80-10-10 asks for 31 test cases of 312; the split has 52 (17 %): "
            + "each class gives whole cases, at least one to every part that it has cases for.", SplitShares.Note("80-10-10", 260, 52));
    }

    [Fact]
    public void Parts_that_fall_short_are_told_too() =>
        Assert.Contains("the split has 10, 0 and 10 (50, 0 and 50 %)",
            SplitShares.Note("80-10-10", Splitter.Split(WithCounts([.. Enumerable.Repeat(2, 10)]), "80-10-10", 0)));

    [Fact]
    public void Splits_that_are_as_they_should_be_say_nothing()
    {
        Assert.Null(SplitShares.Note("80-10-10", Splitter.Split(WithCounts([100, 100, 50]), "80-10-10", 0)));
        Assert.Null(SplitShares.Note("80-10-10", Splitter.Split(WithCounts([.. Enumerable.Repeat(14, 10)]), "80-10-10", 0)));
        Assert.Null(SplitShares.Note("80-10-10", 225, 25));
        // One case of 300, for a class of two that is in test and not in validation, is less than a hundredth.
        Assert.Null(SplitShares.Note("80-10-10", Splitter.Split(WithCounts([298, 2]), "80-10-10", 0)));
    }

    [Fact]
    public void The_archives_split_promises_no_shares() => Assert.Null(SplitShares.Note("official", 80, 20, 900));

    private static Dataset WithCounts(int[] counts) => new("X", [.. counts.Select((_, label) => $"c{label}")],
        [.. counts.SelectMany((count, label) => Enumerable.Range(0, count).Select(i => new LabelledSeries(new TimeSeries([[i]]), $"c{label}")))],
        [], []);
}
