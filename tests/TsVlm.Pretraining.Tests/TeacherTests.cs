using TsVlm.Data;
using static TorchSharp.torch;

namespace TsVlm.Pretraining.Tests;

public class TeacherTests
{
    private static readonly SyntheticSeries Series = new(0);

    [Fact]
    public void Components_have_mean_0_variance_1_and_no_correlation_over_the_series_they_come_from()
    {
        TimeSeries[] series = [.. Enumerable.Range(0, 200).Select(i => Series[i])];
        using var teacher = Teacher.Fit(series, 20, seed: 1, numThreads: 1, TestContext.Current.CancellationToken);
        using var scope = NewDisposeScope();
        var described = teacher.Describe(series, 1, TestContext.Current.CancellationToken);
        Assert.Equal([200, 20], described.shape);
        Assert.InRange(described.mean([0]).abs().max().item<float>(), 0, 1e-3f);
        var covariance = described.t().mm(described) / 200;
        Assert.InRange((covariance - eye(20)).abs().max().item<float>(), 0, 1e-2f);
        Assert.Equal(teacher.Shares.OrderDescending(), teacher.Shares);
        Assert.InRange(teacher.Shares.Sum(), 0.5, 1);
    }

    [Fact]
    public void Differences_that_an_image_cannot_show_do_not_count()
    {
        TimeSeries[] series = [.. Enumerable.Range(0, 60).Select(i => Series[i])];
        using var teacher = Teacher.Fit(series, 10, seed: 1, numThreads: 1, TestContext.Current.CancellationToken);
        using var scope = NewDisposeScope();
        var larger = new TimeSeries([Array.ConvertAll(series[0].Channel(0).ToArray(), value => (5 * value) + 3)]);
        var (one, other) = (teacher.Describe([series[0]], 1, TestContext.Current.CancellationToken),
            teacher.Describe([larger], 1, TestContext.Current.CancellationToken));
        Assert.InRange((one - other).abs().max().item<float>(), 0, 0.05f);
    }

    [Fact]
    public void A_teacher_needs_more_series_than_components() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Teacher.Fit([Series[0], Series[1]], 2, 1, 1, TestContext.Current.CancellationToken));
}
