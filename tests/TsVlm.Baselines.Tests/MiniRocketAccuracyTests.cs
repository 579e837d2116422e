using System.Globalization;
using TsVlm.Data.Readers;

namespace TsVlm.Baselines.Tests;

/// <summary>
/// Accuracies of MiniRocket on the archive's own split beside those published by the archive's maintainers (tsml-eval, fold 0).
/// They cover univariate sets of one length; <c>-- baselines minirocket DIR</c> of the benchmarks runs the others too.
/// </summary>
public sealed class MiniRocketAccuracyTests(ITestOutputHelper output)
{
    [Fact]
    public void Mean_accuracy_is_within_one_point_of_the_published_mean()
    {
        var folder = TestFolders.ArchiveData();
        var file = Path.Combine(folder, "published_accuracy.csv");
        Assert.SkipUnless(File.Exists(file), $"The published accuracies are not at {file}; they are not part of this repository.");
        var published = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Where(row => row[1] == "MiniRocket")
            .Where(row => Directory.Exists(Path.Combine(folder, row[0])))
            .ToDictionary(row => row[0], row => double.Parse(row[2], CultureInfo.InvariantCulture));
        Assert.SkipUnless(published.Count >= 10,
            $"A mean takes at least ten of the data sets in {file}, found {published.Count} in {folder}.");
        var accuracies = new List<double>();
        foreach (var (name, accuracy) in published)
        {
            var dataset = DatasetReader.Read(folder, name);
            var test = dataset.Cases.Skip(dataset.NumOfficialTrain).ToArray();
            var result = Baseline.Run(
                "minirocket", [.. dataset.Cases.Take(dataset.NumOfficialTrain)], [.. test.Select(labelled => labelled.Series)],
                dataset.Classes, seed: 0,
                Environment.ProcessorCount, progress: null, TestContext.Current.CancellationToken);
            accuracies.Add((double)result.Predictions.Zip(test).Count(pair => pair.First == pair.Second.Label) / test.Length);
            output.WriteLine(FormattableString.Invariant($"{name}: {accuracies[^1]:0.000}, published {accuracy:0.000}"));
            // Which training series the biases come from is chance; on small test splits a few cases move.
            Assert.InRange(accuracies[^1] - accuracy, -0.06, 0.06);
        }
        Assert.InRange(accuracies.Average() - published.Values.Average(), -0.01, 0.01);
    }
}
