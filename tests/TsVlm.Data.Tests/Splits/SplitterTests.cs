using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TsVlm.Data.Splits;

namespace TsVlm.Data.Tests.Splits;

public sealed class SplitterTests
{
    [Fact]
    public void The_pooled_split_is_80_10_10_in_every_class()
    {
        var dataset = WithCounts(train: [50, 100, 30], test: [50, 0, 20]);

        var split = Splitter.Split(dataset, "80-10-10", 3);

        Assert.Equal([80, 80, 40], Counts(dataset, split.Train));
        Assert.Equal([10, 10, 5], Counts(dataset, split.Validation));
        Assert.Equal([10, 10, 5], Counts(dataset, split.Test));
        Assert.Empty(split.Warnings);
    }

    [Fact]
    public void Sizes_hold_over_all_where_a_class_alone_would_be_rounded_down()
    {
        var dataset = WithCounts(train: [.. Enumerable.Repeat(14, 10)], test: []);

        var split = Splitter.Split(dataset, "80-10-10", 0);

        Assert.Equal((112, 14, 14), (split.Train.Count, split.Validation.Count, split.Test.Count));
    }

    [Fact]
    public void Rare_classes_are_kept_and_reported()
    {
        var dataset = WithCounts(train: [20, 1, 2, 3], test: []);

        var split = Splitter.Split(dataset, "80-10-10", 0);

        Assert.Equal([1, 1, 1], Counts(dataset, split.Train)[1..]);
        Assert.Equal([0, 0, 1], Counts(dataset, split.Validation)[1..]);
        Assert.Equal([0, 1, 1], Counts(dataset, split.Test)[1..]);
        Assert.Equal(
        [
            "1 class has one case, in training only: 'c1'.",
            "1 class has two cases, in training and test, none in validation: 'c2'.",
        ],
        split.Warnings);
    }

    [Fact]
    public void The_official_split_tests_on_the_archive_s_test_cases_and_holds_a_fifth_of_training_out()
    {
        var dataset = WithCounts(train: [10, 5, 2], test: [4, 1, 3]);

        var split = Splitter.Split(dataset, "official", 0);

        Assert.Equal(Enumerable.Range(17, 8), split.Test);
        Assert.Equal([8, 4, 2], Counts(dataset, split.Train));
        Assert.Equal([2, 1, 0], Counts(dataset, split.Validation));
        Assert.Equal(["1 class has fewer than 3 training cases and none in validation: 'c2'."], split.Warnings);
    }

    [Fact]
    public void Resamples_keep_the_class_counts_of_both_parts_and_differ_from_each_other()
    {
        var dataset = WithCounts(train: [10, 5], test: [40, 1]);

        var splits = Enumerable.Range(1, 3).Select(resample => Splitter.Split(dataset, "official", resample)).ToList();

        Assert.All(splits, split => Assert.Equal([40, 1], Counts(dataset, split.Test)));
        Assert.All(splits, split => Assert.Equal([10, 5], Counts(dataset, [.. split.Train, .. split.Validation])));
        Assert.Equal(3, splits.Select(split => string.Join(' ', split.Test)).Distinct().Count());
    }

    [Fact]
    public void An_empty_validation_split_is_reported()
    {
        var split = Splitter.Split(WithCounts(train: [1, 1], test: [2, 2]), "official", 0);

        Assert.Empty(split.Validation);
        Assert.Contains("The validation split is empty: no class has training cases to spare, so no checkpoint can be chosen by it.",
            split.Warnings);
    }

    [Fact]
    public void Wrong_requests_are_clear_errors()
    {
        Assert.Equal("X: expected training and test cases for protocol official, found 3 and 0. Use protocol 80-10-10.",
            Assert.Throws<DataException>(() => Splitter.Split(WithCounts([3], []), "official", 0)).Message);
        Assert.Equal("X: expected protocol official or 80-10-10, found '60-20-20'. Choose one of these.",
            Assert.Throws<DataException>(() => Splitter.Split(WithCounts([3], [1]), "60-20-20", 0)).Message);
        Assert.Equal("X: expected a resample of 0 or more, found -1. Number resamples from 0.",
            Assert.Throws<DataException>(() => Splitter.Split(WithCounts([3], [1]), "official", -1)).Message);
    }

    [Property(MaxTest = 300)]
    public Property Every_case_is_in_exactly_one_part_and_no_class_is_dropped(NonEmptyArray<byte> counts, byte numTest, byte resample)
    {
        int[] train = [.. counts.Get.Select(count => 1 + count % 30)];
        var dataset = WithCounts(train, [.. train.Select(_ => numTest % 20)]);
        var protocol = numTest % 20 == 0 ? "80-10-10" : Splitter.Protocols[resample % 2];

        var split = Splitter.Split(dataset, protocol, resample);
        var again = Splitter.Split(dataset, protocol, resample);

        var total = Counts(dataset, [.. Enumerable.Range(0, dataset.Cases.Count)]);
        var (learned, held, tested) = (Counts(dataset, split.Train), Counts(dataset, split.Validation), Counts(dataset, split.Test));
        return split.Train.Concat(split.Validation).Concat(split.Test).Order().SequenceEqual(Enumerable.Range(0, dataset.Cases.Count))
            .Label("each case once")
            .And(new[] { split.Train, split.Validation, split.Test }.All(part => part.SequenceEqual(part.Order())).Label("ascending"))
            .And(split.Train.SequenceEqual(again.Train) && split.Test.SequenceEqual(again.Test)
                && split.Validation.SequenceEqual(again.Validation))
            .And(learned.All(count => count > 0).Label("every class is learned"))
            .And((protocol != "80-10-10"
                || total.Index().All(c => c.Item < 3 || (held[c.Index] > 0 && tested[c.Index] > 0))).Label("every class everywhere"));
    }

    private static Dataset WithCounts(int[] train, int[] test)
    {
        static IEnumerable<LabelledSeries> Cases(int[] counts) =>
            counts.SelectMany((count, label) => Enumerable.Range(0, count)
                .Select(i => new LabelledSeries(new TimeSeries([[i]]), $"c{label}")));
        return new Dataset("X", [.. train.Select((_, label) => $"c{label}")], [.. Cases(train)], [.. Cases(test)], []);
    }

    private static int[] Counts(Dataset dataset, IReadOnlyList<int> cases) =>
        [.. dataset.Classes.Select(label => cases.Count(c => dataset.Cases[c].Label == label))];
}
