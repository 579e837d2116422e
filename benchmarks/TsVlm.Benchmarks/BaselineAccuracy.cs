using System.Diagnostics;
using System.Globalization;
using TsVlm.Baselines;
using TsVlm.Data;
using TsVlm.Data.Readers;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Benchmarks;

/// <summary>A baseline on every archive set of a folder, official split, beside the published accuracy.</summary>
public static class BaselineAccuracy
{
    // Methods of the published results; the table has the first, the means have all. The UCR archive's 1-NN accuracies are of
    // z-normalised series, tsml-eval's 1NN-DTW of the values as they are.
    private static readonly Dictionary<string, string[]> PublishedAs = new()
    {
        ["minirocket"] = ["MiniRocket"],
        ["1nn-dtw"] = ["1NN-DTW"],
        ["1nn-ed-z"] = ["1NN-ED"],
        ["1nn-dtw-z"] = ["1NN-DTW full window (UCR)"],
        ["1nn-dtw-learned-z"] = ["1NN-DTW learned window (UCR)"],
        ["inceptiontime"] = ["InceptionTime (authors)", "InceptionTime"],
    };

    /// <summary>Prints a table (Markdown), then the means over the sets with a published result.</summary>
    /// <param name="name">One of <see cref="Baseline.Names"/>.</param>
    /// <param name="folder">Data sets as NAME/NAME_TRAIN.ts, and <c>published_accuracy.csv</c> (dataset,method,accuracy,source).</param>
    /// <param name="sets">Names of the sets, comma-separated, in the order to take them; null for all of the folder.</param>
    /// <param name="kept">File of the results (<see cref="MeasuredAccuracies"/>); null keeps none.</param>
    public static void Run(string name, string folder, string? sets = null, string? kept = null)
    {
        TorchRuntime.ShareTheMachine();
        var methods = PublishedAs.GetValueOrDefault(name.Split(':')[0], []);
        var published = Published(methods, Path.Combine(folder, "published_accuracy.csv"));
        var measured = new MeasuredAccuracies(kept);
        Console.WriteLine("| Data set | Train | Test | Length | Channels | Accuracy | Published | Difference | Seconds | Series/s |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var accuracies = new Dictionary<string, double>();
        IEnumerable<string> all = Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal);
        foreach (var set in sets?.Split(',') ?? all)
        {
            if (sets is null && (!File.Exists(Path.Combine(folder, set, $"{set}_TRAIN.ts"))
                || !File.Exists(Path.Combine(folder, set, $"{set}_TEST.ts")))) continue;
            var dataset = DatasetReader.Read(folder, set);
            var (accuracy, seconds) = measured.Get(set, name, () => Measure(name, dataset));
            accuracies[set] = accuracy;
            var known = published.TryGetValue((set, methods.ElementAtOrDefault(0) ?? ""), out var result);
            var (shortest, longest) = (dataset.Cases.Min(c => c.Series.Length), dataset.Cases.Max(c => c.Series.Length));
            var length = shortest == longest ? $"{longest}" : $"{shortest}-{longest}";
            var (numTest, numChannels) = (dataset.Cases.Count - dataset.NumOfficialTrain, dataset.Cases[0].Series.NumChannels);
            var beside = known ? FormattableString.Invariant($"{result:0.000} | {accuracy - result:+0.000;-0.000;0.000}") : " | ";
            var cost = FormattableString.Invariant($"{seconds:0.0} | {dataset.Cases.Count / seconds:0}");
            Console.WriteLine(FormattableString.Invariant(
                $"| {set} | {dataset.NumOfficialTrain} | {numTest} | {length} | {numChannels} | {accuracy:0.000} | {beside} | {cost} |"));
        }
        foreach (var method in methods)
        {
            var compared = accuracies.Where(pair => published.ContainsKey((pair.Key, method)))
                .Select(pair => (Accuracy: pair.Value, Published: published[(pair.Key, method)])).ToArray();
            if (compared.Length == 0) continue;
            var (ours, theirs) = (compared.Average(c => c.Accuracy), compared.Average(c => c.Published));
            Console.WriteLine(FormattableString.Invariant(
                $"Mean over the {compared.Length} sets with a published result: {ours:0.0000}, published ({method}) {theirs:0.0000}."));
        }
    }

    private static (double Accuracy, double Seconds) Measure(string name, Dataset dataset)
    {
        var test = dataset.Cases.Skip(dataset.NumOfficialTrain).ToArray();
        var watch = Stopwatch.StartNew();
        LabelledSeries[] training = [.. dataset.Cases.Take(dataset.NumOfficialTrain)];
        TimeSeries[] series = [.. test.Select(labelled => labelled.Series)];
        var predictions = Baseline.Run(name, training, series, dataset.Classes, seed: 0, Environment.ProcessorCount, progress: null,
            CancellationToken.None).Predictions;
        return (predictions.Zip(test).Count(pair => pair.First == pair.Second.Label) / (double)test.Length, watch.Elapsed.TotalSeconds);
    }

    private static Dictionary<(string Set, string Method), double> Published(string[] methods, string file) => !File.Exists(file) ? []
        : File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Where(row => methods.Contains(row[1]))
            .ToDictionary(row => (row[0], row[1]), row => double.Parse(row[2], CultureInfo.InvariantCulture));
}
