using TsVlm.Data;

namespace TsVlm.Evaluator;

/// <summary>
/// Whether something beside the shape of a series predicts its label: length, missing values, constant channels, and the order in the files. Time stamps are not
/// kept by the readers and no sample shows them, and all series of a data set have the same number of channels, so neither can.
/// </summary>
internal static class ShortcutCheck
{
    private const double LeastGain = 0.1;

    private static readonly (string Name, Func<TimeSeries, double> Of)[] Properties =
    [
        ("series length", s => s.Length),
        ("number of missing values", s => s.NumMissing),
        ("place of the first missing value", s => FirstMissing(s)),
        ("value of the constant channels", s => ConstantSum(s)),
        ("number of constant channels", s => Enumerable.Range(0, s.NumChannels).Count(c => IsConstant(s.Channel(c)))),
    ];

    /// <summary>Findings on one split: properties that predict the test labels.</summary>
    public static IEnumerable<AuditFinding> Of(Dataset dataset, AuditedSplit split, AuditSettings settings)
    {
        var places = dataset.Classes.Index().ToDictionary(c => c.Item, c => c.Index);
        int[] classes = [.. dataset.Cases.Select(c => places[c.Label])];
        int[] truth = [.. split.Cases.Test.Select(i => classes[i])];
        if (truth.Length == 0 || split.Learnt.Count == 0) yield break;
        var majority = Majority(split.Learnt.Select(i => classes[i]));
        var baseline = (double)truth.Count(c => c == majority) / truth.Length;

        var tests = new List<(string Name, PermutationTest Test)>();
        foreach (var (name, of) in Properties)
        {
            double[] values = [.. dataset.Cases.Select(c => of(c.Series))];
            if (split.Learnt.All(i => values[i] == values[split.Learnt[0]])) continue;
            var stump = ValueClassifier.Fit([.. split.Learnt.Select(i => (values[i], classes[i]))]);
            int[] predicted = [.. split.Cases.Test.Select(i => stump.Predict(values[i]))];
            tests.Add((name, PermutationTest.Of(truth, t => (double)t.Zip(predicted).Count(p => p.First == p.Second) / t.Length, settings.NumPermutations, settings.Seed)));
        }
        var adjusted = HolmCorrection.Adjust([.. tests.Select(t => t.Test.PValue)]);
        var found = false;
        foreach (var ((name, test), p) in tests.Zip(adjusted))
        {
            if (p >= AuditSettings.Level || test.Observed <= baseline) continue;
            found = true;
            yield return new AuditFinding
            {
                Check = AuditCheck.Shortcuts, Subject = split.Name,
                Severity = test.Observed - baseline >= LeastGain ? AuditSeverity.Warning : AuditSeverity.Notice,
                Found = $"The {name} alone predicts {FigureText.Percent(test.Observed)} of the test labels, where the largest class is {FigureText.Percent(baseline)} ({PairSection.P(p)}).",
                Advice = "A model may learn this instead of the shape, and prompts show it: keep it only where it will be there in use too; else cut, pad or fill all series alike.",
                Figures = [new("accuracy", test.Observed), new("largest class", baseline), new("P", p)],
            };
        }
        if (!found)
            yield return new AuditFinding
            {
                Check = AuditCheck.Shortcuts, Subject = split.Name, Severity = AuditSeverity.Ok,
                Found = tests.Count == 0 ? "Series do not differ in length, missing values or constant channels."
                    : $"No better than the largest class: a label by {string.Join(", or by ", tests.Select(t => t.Name))} alone.",
            };
    }

    /// <summary>Whether the order of the files tells labels, by the label that most often follows another one.</summary>
    public static AuditFinding Order(Dataset dataset, AuditSettings settings)
    {
        var places = dataset.Classes.Index().ToDictionary(c => c.Item, c => c.Index);
        int[] classes = [.. dataset.Cases.Select(c => places[c.Label])];
        var ordered = new List<(string Name, PermutationTest Test)>();
        foreach (var (name, file) in new[] { ("training file", classes[..dataset.NumOfficialTrain]), ("test file", classes[dataset.NumOfficialTrain..]) })
        {
            if (file.Distinct().Count() < 2) continue;
            var test = PermutationTest.Of(file, order => FollowerAccuracy(order, dataset.Classes.Count), settings.NumPermutations, settings.Seed);
            if (test.PValue < AuditSettings.Level && test.Observed - test.Mean >= LeastGain) ordered.Add((name, test));
        }
        return new AuditFinding
        {
            Check = AuditCheck.Shortcuts, Severity = ordered.Count > 0 ? AuditSeverity.Notice : AuditSeverity.Ok,
            Found = ordered.Count == 0 ? "The label of the case before tells no more of a label than chance, in no file."
                : $"Files are in an order that tells labels: the label of the case before tells {string.Join(" and ", ordered.Select(o =>
                    $"{FigureText.Percent(o.Test.Observed)} of the {o.Name}'s (by chance {FigureText.Percent(o.Test.Mean)}, {PairSection.P(o.Test.PValue)})"))}.",
            Advice = ordered.Count == 0 ? "" : "No sample shows it and splits are drawn by class, so it does no harm here; it would where cases are split or batched in that order.",
            Figures = [.. ordered.SelectMany(o => new AuditFigure[] { new($"accuracy, {o.Name}", o.Test.Observed), new($"by chance, {o.Name}", o.Test.Mean) })],
        };
    }

    private static double FollowerAccuracy(int[] order, int numClasses)
    {
        var follows = new int[numClasses, numClasses];
        for (var i = 1; i < order.Length; i++) follows[order[i - 1], order[i]]++;
        var right = Enumerable.Range(0, numClasses).Sum(before => Enumerable.Range(0, numClasses).Max(after => follows[before, after]));
        return (double)right / (order.Length - 1);
    }

    private static int Majority(IEnumerable<int> classes) => classes.CountBy(c => c).OrderByDescending(c => c.Value).ThenBy(c => c.Key).First().Key;

    private static double FirstMissing(TimeSeries series) => Enumerable.Range(0, series.NumChannels)
        .Select(c => series.Channel(c).IndexOfAny([double.NaN]) is var at and >= 0 ? at : double.PositiveInfinity).Min();

    private static double ConstantSum(TimeSeries series) =>
        Enumerable.Range(0, series.NumChannels).Where(c => IsConstant(series.Channel(c)) && !double.IsNaN(series.Channel(c)[0])).Sum(c => series.Channel(c)[0]);

    private static bool IsConstant(ReadOnlySpan<double> values) => !values.ContainsAnyExcept(values[0]);
}
