using System.Diagnostics;
using TsVlm.Data;
using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Early;

/// <summary>Early classification of a data set's test cases.</summary>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="NumTrain">Training cases.</param>
/// <param name="NumTest">Test cases.</param>
/// <param name="Length">Time steps of the longest training series.</param>
/// <param name="NumClasses">Classes.</param>
/// <param name="Prefixes">Time steps of the prefixes, rising to <paramref name="Length"/>.</param>
/// <param name="NumConsecutive">Consecutive predictions that make an answer, chosen on training cases.</param>
/// <param name="Training">Score on the training cases, each predicted by fits without it.</param>
/// <param name="Test">Score on the test cases.</param>
/// <param name="Fixed">Score of the same probes on the test cases at one prefix for all of them, chosen by <see cref="FixedPrefix"/>.</param>
/// <param name="FullAccuracy">Accuracy of the same classifier on whole test series.</param>
/// <param name="Cases">What was answered to each test case.</param>
/// <param name="Seconds">Time of it all.</param>
public sealed record EarlyResult(string Dataset, int NumTrain, int NumTest, int Length, int NumClasses, IReadOnlyList<int> Prefixes, int NumConsecutive,
    EarlyScore Training, EarlyScore Test, EarlyScore Fixed, double FullAccuracy, IReadOnlyList<EarlyCase> Cases, double Seconds);

/// <summary>What was answered to a test case.</summary>
/// <param name="Case">Number of the case in its data set.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predicted">The class that was answered.</param>
/// <param name="Steps">Time steps that were seen.</param>
/// <param name="FixedPredicted">The class that is predicted at the fixed prefix.</param>
/// <param name="FixedSteps">Time steps of that.</param>
/// <param name="Length">Time steps of the series.</param>
/// <param name="FullPredicted">The class that is predicted of the whole series.</param>
public sealed record EarlyCase(int Case, int Label, int Predicted, int Steps, int FixedPredicted, int FixedSteps, int Length, int FullPredicted);

/// <summary>
/// Evaluates TEASER with probes as slave classifiers: fits a probe on each prefix of the training series and the rule on their held-out
/// probabilities, then answers to the test series prefix by prefix. Nothing of a test series beyond the prefix is looked at before
/// its answer.
/// </summary>
/// <param name="probes">Fits the probes.</param>
/// <param name="numPrefixes">Prefixes, S in the paper: evenly spaced up to the longest training series.</param>
public sealed class EarlyEvaluation(PrefixProbes probes, int numPrefixes)
{
    /// <summary>Shortest prefix, as in the published code.</summary>
    public const int MinSteps = 3;

    /// <summary>Lengths of the prefixes: shares of the longest series, rounded, without those below <see cref="MinSteps"/>.</summary>
    public static IReadOnlyList<int> PrefixLengths(int longest, int numPrefixes) => [.. Enumerable.Range(1, numPrefixes)
        .Select(s => (int)Math.Round((double)longest * s / numPrefixes, MidpointRounding.AwayFromZero))
        .Where(length => length >= Math.Min(MinSteps, longest)).Distinct()];

    /// <summary>Evaluates a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="split">Its split; validation cases count as training cases.</param>
    /// <param name="progress">Told what is worked on.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="EarlyException">There is no test case, or fewer than two training cases.</exception>
    public EarlyResult Run(Dataset dataset, DatasetSplit split, Action<string> progress, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        int[] train = [.. split.Train, .. split.Validation];
        if (split.Test.Count == 0 || train.Length < 2)
            throw new EarlyException($"{dataset.Name}: expected test cases and at least two training cases, found {split.Test.Count} and {train.Length}.");
        var classes = Classes(dataset, train);
        var series = train.Select(i => dataset.Cases[i].Series).ToList();
        var lengths = PrefixLengths(series.Max(one => one.Length), numPrefixes);
        var fitted = lengths.Select((length, s) => probes.Fit(dataset, [.. series.Select(one => Prefix(one, length))], classes,
            Telling($"{dataset.Name}: training, prefix {s + 1} of {lengths.Count}", train.Length), cancellationToken)).ToList();
        progress($"{dataset.Name}: rule");
        IReadOnlyList<double[]>[] heldOut = [.. fitted.Select(probe => probe.HeldOut)];
        IReadOnlyList<double>[] shares = [.. lengths.Select(length => (IReadOnlyList<double>)[.. series.Select(one => Share(one, length))])];
        var rule = TeaserRule.Fit(heldOut, shares, classes);
        var cases = Answered(dataset, split.Test, lengths, fitted, rule, FixedPrefix.Choose(heldOut, shares, classes), Telling);
        return new(dataset.Name, train.Length, cases.Count, lengths[^1], dataset.Classes.Count, lengths, rule.NumConsecutive, rule.Training,
            Score(cases, one => one.Predicted, one => one.Steps), Score(cases, one => one.FixedPredicted, one => one.FixedSteps),
            (double)cases.Count(one => one.FullPredicted == one.Label) / cases.Count, cases, watch.Elapsed.TotalSeconds);

        Action<int> Telling(string what, int count) => done => progress($"{what}, {done} of {count} series");
    }

    private static EarlyScore Score(List<EarlyCase> cases, Func<EarlyCase, int> predicted, Func<EarlyCase, int> steps) => EarlyScore.Of(
        [.. cases.Select(one => new EarlyAnswer(predicted(one), 0, (double)steps(one) / one.Length))], [.. cases.Select(one => one.Label)]);

    private static List<EarlyCase> Answered(Dataset dataset, IReadOnlyList<int> test, IReadOnlyList<int> lengths, List<PrefixProbe> fitted,
        TeaserRule rule, int fixedPrefix, Func<string, int, Action<int>> telling)
    {
        var waiting = test.Select(_ => rule.Begin()).ToArray();
        var answers = new EarlyAnswer?[test.Count];
        for (var s = 0; s < lengths.Count; s++)
        {
            var open = Enumerable.Range(0, test.Count).Where(i => answers[i] is null).ToList();
            var told = telling($"{dataset.Name}: test, prefix {s + 1} of {lengths.Count}", open.Count);
            var probabilities = fitted[s].Classify([.. open.Select(i => Prefix(Series(i), lengths[s]))], told);
            foreach (var (i, row) in open.Zip(probabilities)) answers[i] = rule.Add(waiting[i], s, row, Share(Series(i), lengths[s]));
        }
        var control = fitted[fixedPrefix].Classify([.. test.Select((_, i) => Prefix(Series(i), lengths[fixedPrefix]))],
            telling($"{dataset.Name}: test, fixed prefix", test.Count));
        // The probe of the last prefix has learnt from whole series.
        var full = fitted[^1].Classify([.. test.Select((_, i) => Series(i))], telling($"{dataset.Name}: whole test series", test.Count));
        var classes = Classes(dataset, test);
        return [.. test.Select((number, i) => new EarlyCase(number, classes[i], answers[i]!.Class, Steps(answers[i]!.Prefix, i),
            CasePrediction.Argmax(control[i]), Steps(fixedPrefix, i), Series(i).Length, CasePrediction.Argmax(full[i])))];

        int Steps(int prefix, int i) => Math.Min(lengths[prefix], Series(i).Length);

        TimeSeries Series(int i) => dataset.Cases[test[i]].Series;
    }

    private static int[] Classes(Dataset dataset, IReadOnlyList<int> cases)
    {
        var positions = dataset.Classes.Index().ToDictionary(one => one.Item, one => one.Index);
        return [.. cases.Select(i => positions[dataset.Cases[i].Label])];
    }

    private static double Share(TimeSeries series, int length) => Math.Min(1, (double)length / series.Length);

    private static TimeSeries Prefix(TimeSeries series, int length) => length >= series.Length ? series
        : new(Enumerable.Range(0, series.NumChannels).Select(c => series.Channel(c)[..length].ToArray()));
}
