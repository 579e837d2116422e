using TsVlm.Data;
using TsVlm.Pretraining.Synthetic;
using static TorchSharp.torch;

namespace TsVlm.Pretraining.Tests;

public class TeacherTests
{
    private static readonly SyntheticSeries Source = new(0);

    private static TimeSeries[] Series(int count) => [.. Enumerable.Range(0, count).Select(i => Source.Group(i, 1)[0])];

    [Fact]
    public void Components_have_mean_0_variance_1_and_no_correlation_over_the_series_they_come_from()
    {
        var series = Series(200);
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
        var series = Series(60);
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
            Teacher.Fit(Series(2), 2, 1, 1, TestContext.Current.CancellationToken));

    /// <summary>By Dempster, Schmidt and Webb 2023, section 3: a group of eight kernels competes at every time step.</summary>
    [Fact]
    public void Kernels_that_compete_win_every_time_step_once()
    {
        using var scope = NewDisposeScope();
        using var kernels = new CompetingKernels(numGroups: 2, seed: 1);
        var features = kernels.Features(randn([5, 64]));
        // (N, dilation, kind, group, kernel): dilations 1, 2 and 4 of kernels of nine weights
        var byKind = features.view(5, 3, 2, 2, 8);
        var wins = byKind.select(2, 1).square().sum([3]);   // each a square root of a number of time steps
        Assert.InRange((wins - 64).abs().max().item<float>(), 0, 1e-3f);
        Assert.True(byKind.select(2, 0).min().item<float>() >= 0);
    }
}
