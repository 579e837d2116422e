using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TsVlm.Baselines.NearestNeighbours;
using TsVlm.Baselines.Series;
using TsVlm.Data;

namespace TsVlm.Baselines.Tests.NearestNeighbours;

public sealed class NearestNeighbourTests
{
    /// <summary>Small whole numbers: every sum is exact, and equally near series are common.</summary>
    public sealed record Problem(IReadOnlyList<LabelledSeries> Training, IReadOnlyList<TimeSeries> Test, int Percent)
    {
        public static Arbitrary<Problem> Arbitrary() => Gen.Choose(0, int.MaxValue - 1).Select(FromSeed).ToArbitrary();

        private static Problem FromSeed(int seed)
        {
            var random = new Random(seed);
            var (numChannels, length, isEqual, range) = (random.Next(1, 4), random.Next(1, 24), random.Next(2) == 0, random.Next(2, 12));
            var drift = random.Next(3);
            TimeSeries Series()
            {
                var own = isEqual ? length : random.Next(1, length + 1);
                var start = drift * random.Next(-5, 6);
                return new(Enumerable.Range(0, numChannels)
                    .Select(_ => Enumerable.Range(0, own).Select(_ => (double)start + random.Next(range)).ToArray()));
            }
            return new(
                [.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => new LabelledSeries(Series(), $"{random.Next(3)}"))],
                [.. Enumerable.Range(0, 4).Select(_ => Series())],
                random.Next(101));
        }
    }

    [Property(Arbitrary = [typeof(Problem)], MaxTest = 2000)]
    public void Pruning_never_changes_the_nearest_series(Problem problem)
    {
        var longest = problem.Training.Max(labelled => labelled.Series.Length);
        var banded = Classify(problem.Training, problem.Test, new(DistanceMeasure.DynamicTimeWarping, problem.Percent / 100.0));
        var full = Classify(problem.Training, problem.Test, DistanceSettings.FullWindow);
        var window = problem.Percent == 100 ? int.MaxValue / 2 : (problem.Percent * longest + 99) / 100;
        Assert.Equal(problem.Test.Select(query => ExhaustiveSearch.Nearest(problem.Training, query, window)), banded.NearestIndex);
        Assert.Equal(problem.Test.Select(query => ExhaustiveSearch.Nearest(problem.Training, query, int.MaxValue / 2)), full.NearestIndex);
    }

    [Property(Arbitrary = [typeof(Problem)], MaxTest = 100)]
    public void The_learned_window_is_the_smallest_with_the_fewest_leave_one_out_errors(Problem problem) =>
        Assert.Equal(
            ExhaustiveSearch.BestPercent(problem.Training) / 100.0,
            Classify(problem.Training, problem.Test, DistanceSettings.LearnedWindow).WindowFraction);

    [Property(Arbitrary = [typeof(Problem)], MaxTest = 500)]
    public void The_table_without_cutoff_holds_the_distance_either_way_round(Problem problem)
    {
        var (a, b) = (problem.Training[0].Series, problem.Training[1].Series);
        var window = problem.Percent * Math.Max(a.Length, b.Length) / 100;
        Assert.Equal(ExhaustiveSearch.Warped(a, b, window), Distance(a, b, window));
        Assert.Equal(Distance(a, b, window), Distance(b, a, window));
        Assert.Equal(0, Distance(a, a, window));
    }

    [Property(Arbitrary = [typeof(Problem)], MaxTest = 500)]
    public void A_cutoff_keeps_every_distance_up_to_itself_and_drops_the_others(Problem problem)
    {
        var (a, b) = (problem.Training[0].Series, problem.Training[1].Series);
        var distance = Distance(a, b, a.Length);
        Assert.Equal(distance, Distance(a, b, a.Length, cutoff: distance));
        if (distance > 0) Assert.Equal(double.PositiveInfinity, Distance(a, b, a.Length, cutoff: distance - 1));
    }

    [Fact]
    public void The_warping_distance_of_a_small_example_is_that_worked_out_by_hand()
    {
        // 1 2 3 against 1 3 3 4, squared differences. Cheapest path: 1-1 (0), 2-3 (1) or 2-1 (1), 3-3 (0), 3-3 (0), 3-4 (1): 2.
        Assert.Equal(2, Distance(Univariate(1, 2, 3), Univariate(1, 3, 3, 4), window: 4));
        // Without warping 0 0 4 and 0 4 4 differ by 16; one step of warping aligns them.
        Assert.Equal(16, Distance(Univariate(0, 0, 4), Univariate(0, 4, 4), window: 0));
        Assert.Equal(0, Distance(Univariate(0, 0, 4), Univariate(0, 4, 4), window: 1));
    }

    [Fact]
    public void Channels_warp_together()
    {
        // Each channel alone could be aligned at no cost, but in opposite directions.
        var a = new TimeSeries([[0, 0, 4], [0, 4, 4]]);
        var b = new TimeSeries([[0, 4, 4], [0, 0, 4]]);
        Assert.Equal(ExhaustiveSearch.Warped(a, b, 3), Distance(a, b, 3));
        Assert.True(Distance(a, b, 3) > 0);
    }

    [Property(Arbitrary = [typeof(Problem)], MaxTest = 300)]
    public void A_window_of_zero_is_the_Euclidean_distance_for_equal_lengths(Problem problem)
    {
        var length = problem.Training[0].Series.Length;
        LabelledSeries[] training = [.. problem.Training.Where(labelled => labelled.Series.Length == length)];
        TimeSeries[] test = [.. problem.Test.Where(series => series.Length == length)];
        Assert.Equal(
            Classify(training, test, DistanceSettings.Euclidean).NearestIndex,
            Classify(training, test, new(DistanceMeasure.DynamicTimeWarping, 0)).NearestIndex);
    }

    [Fact]
    public void The_Euclidean_distance_stretches_series_to_the_longest_training_length()
    {
        var training = new[] { Labelled("flat", 0, 0, 0, 0, 0), Labelled("ramp", 0, 1, 2, 3, 4), Labelled("short ramp", 4, 0) };
        var result = Classify(training, [Univariate(0, 4), Univariate(4, 3, 2, 1, 0, -1, -2), Univariate(0)], DistanceSettings.Euclidean);
        Assert.Equal(["ramp", "short ramp", "flat"], result.Predictions);
    }

    [Theory]
    [InlineData(DistanceMeasure.Euclidean)]
    [InlineData(DistanceMeasure.DynamicTimeWarping)]
    [InlineData(DistanceMeasure.DynamicTimeWarpingLearned)]
    public void Z_normalised_series_are_compared_by_shape_and_others_by_value(DistanceMeasure measure)
    {
        // A hundred times the zigzag plus 50: a ramp by its values, a zigzag by its shape.
        var training = new[] { Labelled("zigzag", 0, 1, 0, 1, 0, 1), Labelled("ramp", 0, 30, 60, 90, 120, 150) };
        var query = Univariate(50, 150, 50, 150, 50, 150);
        var settings = new DistanceSettings(measure, 1);
        Assert.Equal(["ramp"], Classify(training, [query], settings).Predictions);
        Assert.Equal(["zigzag"], Classify(training, [query], settings with { IsZNormalised = true }).Predictions);
    }

    [Fact]
    public void Each_channel_is_z_normalised_by_its_own_mean_and_deviation()
    {
        var series = new TimeSeries([[2, 4, 4, 4, 5, 5, 7, 9], [20, double.NaN, 40, 40, 50, 50, 70, 90], [3, 3, 3, 3, 3, 3, 3, 3]]);
        var (prepared, _) = ComparableSeries.Prepare([series], [], isZNormalised: true);
        double[] Channel(int channel) => [.. prepared[0].Values.Where((_, i) => i % 3 == channel)];
        Assert.Equal([-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2], Channel(0));
        Assert.Equal(0, Channel(1).Average(), 12);
        Assert.Equal(1, Channel(1).Average(value => value * value), 12);
        Assert.Equal(new double[8], Channel(2));
    }

    [Theory]
    [InlineData(new[] { double.NaN, 1, double.NaN, double.NaN, 4, double.NaN }, new double[] { 1, 1, 2, 3, 4, 4 })]
    [InlineData(new[] { double.NaN, double.NaN }, new double[] { 0, 0 })]
    [InlineData(new double[] { 5 }, new double[] { 5 })]
    public void Missing_values_lie_on_the_line_between_their_neighbours(double[] values, double[] expected) =>
        Assert.Equal(expected, MissingValues.Fill(values));

    [Theory]
    [InlineData(DistanceMeasure.Euclidean)]
    [InlineData(DistanceMeasure.DynamicTimeWarping)]
    [InlineData(DistanceMeasure.DynamicTimeWarpingLearned)]
    public void The_first_of_equally_near_series_counts_with_any_number_of_threads(DistanceMeasure measure)
    {
        var training = new[] { Labelled("far", 9, 9), Labelled("first", 1, 1), Labelled("second", 1, 1), Labelled("other side", -1, -1) };
        TimeSeries[] test = [.. Enumerable.Repeat(Univariate(0, 0), 50)];
        foreach (var numThreads in new[] { 1, 4 })
        {
            var result = NearestNeighbour.Classify(training, test, new(measure, 1), numThreads, null,
                TestContext.Current.CancellationToken);
            Assert.All(result.NearestIndex, index => Assert.Equal(1, index));
        }
    }

    [Fact]
    public void Progress_counts_every_test_series()
    {
        var seen = new List<int>();
        NearestNeighbour.Classify([Labelled("a", 1)], [Univariate(1), Univariate(2), Univariate(3)], DistanceSettings.FullWindow, 2,
            seen.Add,
            TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], seen);
    }

    [Fact]
    public void Series_that_cannot_be_compared_are_refused_with_their_place()
    {
        var training = new[] { Labelled("a", 1, 2) };
        var twoChannels = Assert.Throws<ArgumentException>(() =>
            Classify(training, [new TimeSeries([[1], [2]])], DistanceSettings.Euclidean));
        Assert.Contains("Test series 0: expected 1 channels as in training series 0, found 2", twoChannels.Message);
        var infinite = Assert.Throws<ArgumentException>(() =>
            Classify(training, [Univariate(1, double.NegativeInfinity)], DistanceSettings.Euclidean));
        Assert.Contains("channel 0 at step 1", infinite.Message);
        Assert.Throws<ArgumentException>(() => Classify([], [Univariate(1)], DistanceSettings.Euclidean));
        Assert.Throws<ArgumentException>(() => Classify(training, [Univariate(1)], new(DistanceMeasure.DynamicTimeWarping, 1.5)));
    }

    [Fact]
    public void A_cancelled_search_stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            NearestNeighbour.Classify([Labelled("a", 1)], [Univariate(1)], DistanceSettings.FullWindow, 1, null, cancelled.Token));
    }

    private static NearestNeighbourResult Classify(IReadOnlyList<LabelledSeries> training, IReadOnlyList<TimeSeries> test,
        DistanceSettings distance) =>
        NearestNeighbour.Classify(training, test, distance, numThreads: 1, progress: null, TestContext.Current.CancellationToken);

    private static double Distance(TimeSeries a, TimeSeries b, int window, double cutoff = double.PositiveInfinity)
    {
        var (rows, columns) = ComparableSeries.Prepare([a], [b]);
        var buffer = new double[DynamicTimeWarping.BufferLength(Math.Max(a.Length, b.Length))];
        return DynamicTimeWarping.Distance(rows[0].Values, columns[0].Values, a.NumChannels, window, cutoff, rest: [], buffer);
    }

    private static TimeSeries Univariate(params double[] values) => new([values]);

    private static LabelledSeries Labelled(string label, params double[] values) => new(Univariate(values), label);
}
