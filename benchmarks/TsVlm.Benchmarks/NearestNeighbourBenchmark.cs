using BenchmarkDotNet.Attributes;
using TsVlm.Baselines;
using TsVlm.Baselines.Series;
using TsVlm.Data;
using TsVlm.Data.Readers;

namespace TsVlm.Benchmarks;

/// <summary>Nearest neighbours on GunPoint (50 training and 150 test series of 150 steps), prediction of the whole test split.</summary>
[ShortRunJob]
public class NearestNeighbourBenchmark
{
    private LabelledSeries[] training = [];
    private TimeSeries[] test = [];
    private IReadOnlyList<string> classes = [];

    [Params("1nn-ed", "1nn-dtw", "1nn-dtw-learned")]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void Read()
    {
        var folder = Environment.GetEnvironmentVariable("TSVLM_TEST_DATA") ?? Path.Combine("..", "shared", "data");
        if (!Directory.Exists(Path.Combine(folder, "GunPoint")))
            throw new DirectoryNotFoundException(
                $"Expected the folder GunPoint of the UCR archive in {Path.GetFullPath(folder)}. Set TSVLM_TEST_DATA to a folder of NAME/NAME_TRAIN.ts.");
        var dataset = DatasetReader.Read(folder, "GunPoint");
        training = [.. dataset.Cases.Take(dataset.NumOfficialTrain)];
        test = [.. dataset.Cases.Skip(dataset.NumOfficialTrain).Select(labelled => labelled.Series)];
        classes = dataset.Classes;
    }

    [Benchmark]
    public BaselineResult Predict() => Baseline.Run(
        Name, training, test, classes, seed: 0, Environment.ProcessorCount, progress: null, CancellationToken.None);
}
