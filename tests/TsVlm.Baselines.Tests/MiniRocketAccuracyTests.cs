using System.Globalization;
using TsVlm.Data;

namespace TsVlm.Baselines.Tests;

/// <summary>
/// Accuracies of MiniRocket on the archive's own split beside those published by the archive's maintainers (tsml-eval, fold 0).
/// Ten small sets; <c>-- baselines minirocket DIR</c> of the benchmarks does all.
/// </summary>
public sealed class MiniRocketAccuracyTests(ITestOutputHelper output)
{
    private static readonly string[] Sets =
        ["ArrowHead", "CBF", "Chinatown", "Coffee", "ECG200", "GunPoint", "ItalyPowerDemand", "MoteStrain", "OSULeaf", "SyntheticControl"];

    [Fact]
    public void Mean_accuracy_is_within_one_point_of_the_published_mean()
    {
        var folder = TestFolders.ArchiveData();
        var file = Path.Combine(folder, "published_accuracy.csv");
        Assert.SkipUnless(File.Exists(file), $"The published accuracies are not at {file}; they are not part of this repository.");
        var published = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Where(row => row[1] == "MiniRocket")
            .ToDictionary(row => row[0], row => double.Parse(row[2], CultureInfo.InvariantCulture));
        var accuracies = new List<double>();
        foreach (var name in Sets)
        {
            var dataset = DatasetReader.Read(folder, name);
            var test = dataset.Cases.Skip(dataset.NumOfficialTrain).ToArray();
            var result = Baseline.Run(
                "minirocket", [.. dataset.Cases.Take(dataset.NumOfficialTrain)], [.. test.Select(labelled => labelled.Series)], dataset.Classes, seed: 0,
                Environment.ProcessorCount, progress: null, TestContext.Current.CancellationToken);
            accuracies.Add((double)result.Predictions.Zip(test).Count(pair => pair.First == pair.Second.Label) / test.Length);
            output.WriteLine(FormattableString.Invariant($"{name}: {accuracies[^1]:0.000}, published {published[name]:0.000}"));
            // Which training series the biases come from is chance; on the small test splits a few cases move.
            Assert.InRange(accuracies[^1] - published[name], -0.04, 0.04);
        }
        Assert.InRange(accuracies.Average() - Sets.Average(name => published[name]), -0.01, 0.01);
    }
}
