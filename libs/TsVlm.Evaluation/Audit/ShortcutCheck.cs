using TsVlm.Data;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// Whether something beside the shape of a series predicts its label: length, missing values, constant channels, and the position in the
/// file, which is also in the name of a sample's file. Time stamps are not kept by the readers and no sample shows them, and all series of
/// a data set have the same number of channels.
/// </summary>
internal static class ShortcutCheck
{
    private const double MinGain = 0.1;
    private const string Position = "position in the file";

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
        var numbered = CaseNumbers.Find([.. dataset.Cases.Take(dataset.NumOfficialTrain)]).Union(CaseNumbers.Find(dataset.Cases)).ToList();
        if (numbered.Count > 0)
            yield return new AuditFinding
            {
                Check = AuditCheck.Shortcuts, Subject = split.Name, Severity = AuditSeverity.Problem,
                Found = $"The values at time step {numbered[0].Step} of channel {numbered[0].Channel} number the cases one by one, as row numbers do"
                    + $"{(numbered.Count == 1 ? "" : $", and so do {numbered.Count - 1} more time steps")}.",
                Advice = "A model learns the order of the file from it. Remove the column from the files.",
            };
        var majority = Majority(split.Learnt.Select(i => classes[i]));
        var baseline = (double)truth.Count(c => c == majority) / truth.Length;

        var tests = new List<(string Name, PermutationTest Test)>();
        var (numTrain, numTest) = (dataset.NumOfficialTrain, dataset.Cases.Count - dataset.NumOfficialTrain);
        double[] positions = [.. dataset.Cases.Select((_, i) => i < numTrain ? (i + 0.5) / numTrain : (i - numTrain + 0.5) / numTest)];
        foreach (var (name, values) in Properties.Select(p => (p.Name, Values: dataset.Cases.Select(c => p.Of(c.Series)).ToArray()))
            .Append((Position, positions)))
        {
            if (split.Learnt.All(i => values[i] == values[split.Learnt[0]])) continue;
            var stump = ValueClassifier.Fit([.. split.Learnt.Select(i => (values[i], classes[i]))]);
            int[] predicted = [.. split.Cases.Test.Select(i => stump.Predict(values[i]))];
            tests.Add((name, PermutationTest.Of(truth, t => (double)t.Zip(predicted).Count(p => p.First == p.Second) / t.Length,
                settings.NumPermutations, settings.Seed)));
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
                Severity = test.Observed - baseline >= MinGain && name != Position ? AuditSeverity.Warning : AuditSeverity.Note,
                Found = $"The {name} alone predicts {MetricText.Percent(test.Observed)} of the test labels, "
                    + $"where the largest class is {MetricText.Percent(baseline)} ({MetricText.P(p)}).",
                Advice = name == Position && numbered.Count > 0
                ? "The order of the files goes with the class, and the row numbers among the values show it: "
                    + "remove that column." : name == Position
                    ? "The order of the files goes with the class. No prompt or image shows it and splits are drawn by class, so it does no harm here; "
                    + "keep file names and case numbers out of prompts."
                    : "A model may learn this instead of the shape, and prompts show it: keep it only where it will be there in use too; else cut, pad or fill all series alike.",
                Metrics = [new("accuracy", test.Observed), new("largest class", baseline), new("P", p)],
            };
        }
        if (!found && numbered.Count == 0)
            yield return new AuditFinding
            {
                Check = AuditCheck.Shortcuts, Subject = split.Name, Severity = AuditSeverity.Ok,
                Found = $"No better than the largest class: a label by {string.Join(", or by ", tests.Select(t => t.Name))} alone.",
            };
    }

    private static int Majority(IEnumerable<int> classes) =>
        classes.CountBy(c => c).OrderByDescending(c => c.Value).ThenBy(c => c.Key).First().Key;

    private static double FirstMissing(TimeSeries series) => Enumerable.Range(0, series.NumChannels)
        .Select(c => series.Channel(c).IndexOfAny([double.NaN]) is var at and >= 0 ? at : double.PositiveInfinity).Min();

    private static double ConstantSum(TimeSeries series) =>
        Enumerable.Range(0, series.NumChannels).Where(c => IsConstant(series.Channel(c)) && !double.IsNaN(series.Channel(c)[0]))
        .Sum(c => series.Channel(c)[0]);

    private static bool IsConstant(ReadOnlySpan<double> values) => !values.ContainsAnyExcept(values[0]);
}
