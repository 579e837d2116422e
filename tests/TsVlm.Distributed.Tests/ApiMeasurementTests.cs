using TsVlm.Chaos;
using TsVlm.Chaos.Api;

namespace TsVlm.Distributed.Tests;

public sealed class ApiMeasurementTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 1, 2, 2, 2)]
    [InlineData(20, 10, 19, 20, 20)]
    [InlineData(100, 50, 95, 99, 100)]
    [InlineData(1000, 500, 950, 990, 1000)]
    public void Percentiles_are_nearest_ranks_whatever_the_order(int count, double p50, double p95, double p99, double max)
    {
        var latencies = Enumerable.Range(1, count).Select(i => (double)i).ToArray();
        new Random(1).Shuffle(latencies);
        Assert.Equal(new LatencySummary(count, p50, p95, p99, max), LatencySummary.Of(latencies));
    }

    [Fact]
    public void Percentiles_of_nothing_are_0() => Assert.Equal(default, LatencySummary.Of([]));

    [Fact]
    public void Memory_is_read_in_units_of_1024_bytes() => Assert.Equal(new ProcessMemory(204.8, 1024),
        ProcessMemory.Parse("Name:\tdotnet\nVmPeak:\t 9000000 kB\nVmHWM:\t 1000000 kB\nVmRSS:\t  200000 kB\nThreads:\t12\n"));

    [Fact]
    public void Memory_of_a_process_that_has_ended_is_an_error() =>
        Assert.Contains("VmRSS", Assert.Throws<ChaosException>(() => ProcessMemory.Parse("Name:\tdotnet\nState:\tZ (zombie)\n")).Message);

    [Fact]
    public void Shares_of_requests_add_up_to_a_hundred_and_each_kind_is_drawn_as_often_as_its_share()
    {
        Assert.Equal(100, RequestKinds.Shares.Sum(kind => kind.Share));
        var drawn = Enumerable.Range(0, 100).Select(RequestKinds.At).CountBy(kind => kind).ToDictionary();
        Assert.All(RequestKinds.Shares, kind => Assert.Equal(kind.Share, drawn[kind.Kind]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestKinds.At(100));
    }
}
