using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

public sealed class KolmogorovSmirnovTests
{
    /// <summary>All orders of the values are equally likely; of 252, 35 and 20 orders, so many are at least as far apart.</summary>
    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4, 5 }, new double[] { 6, 7, 8, 9, 10 }, 1, 2 / 252.0)]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 4, 5, 6, 7 }, 1, 2 / 35.0)]
    [InlineData(new double[] { 1, 2, 4 }, new double[] { 3, 5, 6 }, 2 / 3.0, 12 / 20.0)]
    public void Small_samples_have_the_P_that_counting_gives(double[] first, double[] second, double distance, double p)
    {
        var test = KolmogorovSmirnovTest.Of(first, second);
        Assert.Equal(distance, test.Distance, 1e-12);
        Assert.Equal(p, test.PValue, 1e-12);
    }

    /// <summary>
    /// Gnedenko and Korolyuk 1951: P = 2 sum of (-1)^(j-1) C(2n, n - j k) / C(2n, n) for two samples of n and a distance of k / n.
    /// </summary>
    [Theory]
    [InlineData(50, 10, 1e-10)]
    [InlineData(500, 50, 1e-10)]
    [InlineData(2000, 86, 0.002)]   // by the limit distribution
    public void Equal_sizes_have_the_P_of_the_closed_form(int n, int k, double tolerance)
    {
        var test = KolmogorovSmirnovTest.Of([.. Enumerable.Range(0, n).Select(i => (double)i)], [.. Enumerable.Range(0, n)
            .Select(i => i + k - 0.5)]);
        Assert.Equal((double)k / n, test.Distance, 1e-12);
        var expected = 2 * Enumerable.Range(1, n / k).Sum(j => (j % 2 == 1 ? 1 : -1) * ShareOfPaths(n, j * k));
        Assert.Equal(expected, test.PValue, tolerance);

        // C(2n, n - s) / C(2n, n)
        static double ShareOfPaths(int n, int s) => Enumerable.Range(1, s).Aggregate(1.0, (share, i) => share * (n - s + i) / (n + i));
    }

    [Fact]
    public void Equal_samples_have_no_distance_whatever_their_ties() =>
        Assert.Equal((0, 1), (KolmogorovSmirnovTest.Of([1, 1, 2], [2, 1, 1]).Distance,
            KolmogorovSmirnovTest.Of([1, 1, 2], [2, 1, 1]).PValue));

    [Fact]
    public void An_empty_sample_is_refused() =>
        Assert.Contains("found 1 and 0", Assert.Throws<ArgumentException>(() => KolmogorovSmirnovTest.Of([1], [])).Message);
}
