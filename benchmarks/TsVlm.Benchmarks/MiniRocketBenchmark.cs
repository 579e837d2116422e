using BenchmarkDotNet.Attributes;
using TsVlm.Baselines.MiniRocket;
using TsVlm.Data;

namespace TsVlm.Benchmarks;

/// <summary>MiniRocket's features of random series, without the classifier; a result is the time of one series.</summary>
[ShortRunJob]
public class MiniRocketBenchmark
{
    private const int NumSeries = 256;
    private TimeSeries[] series = [];
    private MiniRocketTransform? rocket;

    [Params(150, 500)]
    public int Length { get; set; }

    [Params(1, 6)]
    public int NumChannels { get; set; }

    [GlobalSetup]
    public void Fit()
    {
        var random = new Random(0);
        series = [.. Enumerable.Range(0, NumSeries).Select(_ => new TimeSeries(
            Enumerable.Range(0, NumChannels).Select(_ => Enumerable.Range(0, Length).Select(_ => random.NextDouble()).ToArray())))];
        rocket = MiniRocketTransform.Fit(series, seed: 0, Environment.ProcessorCount, CancellationToken.None);
    }

    [Benchmark(OperationsPerInvoke = NumSeries)]
    public float[][] Transform() => rocket!.Transform(series, Environment.ProcessorCount, CancellationToken.None);
}
