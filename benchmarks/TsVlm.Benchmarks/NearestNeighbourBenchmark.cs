using System.Globalization;
using BenchmarkDotNet.Attributes;
using TsVlm.Baselines;
using TsVlm.Data;

namespace TsVlm.Benchmarks;

/// <summary>Nearest neighbours on GunPoint (50 training and 150 test series of 150 steps), prediction of the whole test split.</summary>
[ShortRunJob]
public class NearestNeighbourBenchmark
{
    private LabelledSeries[] training = [];
    private TimeSeries[] test = [];

    [Params("1nn-ed", "1nn-dtw", "1nn-dtw-learned")]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void Read()
    {
        var folder = Environment.GetEnvironmentVariable("TSVLM_TEST_DATA") ?? Path.Combine("..", "shared", "data");
        if (!Directory.Exists(Path.Combine(folder, "GunPoint")))
            throw new DirectoryNotFoundException(
                $"Expected the folder GunPoint of the UCR archive in {Path.GetFullPath(folder)}. Set TSVLM_TEST_DATA to a folder of NAME/NAME_TRAIN.ts.");
        training = Cases(Path.Combine(folder, "GunPoint", "GunPoint_TRAIN.ts"));
        test = [.. Cases(Path.Combine(folder, "GunPoint", "GunPoint_TEST.ts")).Select(labelled => labelled.Series)];
    }

    [Benchmark]
    public BaselineResult Predict() => Baseline.Run(
        Name, training, test, ["1", "2"], Environment.ProcessorCount, progress: null, CancellationToken.None);

    private static LabelledSeries[] Cases(string file) =>
    [
        .. File.ReadLines(file).SkipWhile(line => line != "@data").Skip(1).Select(line => line.Split(':')).Select(parts => new LabelledSeries(
            new TimeSeries([[.. parts[0].Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture))]]), parts[1])),
    ];
}
