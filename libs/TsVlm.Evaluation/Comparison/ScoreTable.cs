using TsVlm.Data;

namespace TsVlm.Evaluation.Comparison;

/// <summary>Scores of classifiers on data sets, measured and published, with what is missing and why.</summary>
public sealed class ScoreTable
{
    private readonly Dictionary<(ComparedDataset, ComparedClassifier), Score> scores = [];

    private ScoreTable(IReadOnlyList<ComparedClassifier> classifiers) => Classifiers = classifiers;

    /// <summary>The classifiers: scenarios, baselines, published methods.</summary>
    public IReadOnlyList<ComparedClassifier> Classifiers { get; }

    /// <summary>Every data set of the results, in their order.</summary>
    public IReadOnlyList<ComparedDataset> Datasets { get; private set; } = [];

    /// <summary>The data sets for which every classifier has a score; only these enter means and ranks.</summary>
    public IReadOnlyList<ComparedDataset> Complete { get; private set; } = [];

    /// <summary>The other data sets, each with the reason, one sentence.</summary>
    public IReadOnlyList<(ComparedDataset Dataset, string Reason)> LeftOut { get; private set; } = [];

    /// <summary>What else a reader must know: runs and methods that are not compared, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Sources of the published results in the table, as their file gives them.</summary>
    public IReadOnlyList<string> Sources { get; private set; } = [];

    /// <summary>The measured runs behind the scores.</summary>
    public IReadOnlyList<(ComparedClassifier Classifier, ResultRow Row)> Runs { get; private set; } = [];

    /// <summary>The score, or null.</summary>
    public Score? this[ComparedDataset dataset, ComparedClassifier classifier] => scores.GetValueOrDefault((dataset, classifier));

    /// <summary>Accuracies of a classifier on the complete data sets, in their order.</summary>
    public IReadOnlyList<double> Accuracies(ComparedClassifier classifier) =>
        [.. Complete.Select(d => scores[(d, classifier)].Accuracy.Mean)];

    /// <summary>Puts measured and published results side by side.</summary>
    /// <param name="rows">Rows of results.csv files.</param>
    /// <param name="published">Published results; may be none.</param>
    /// <param name="choice">What to compare.</param>
    /// <param name="facts">What is known of data sets, by name; may be none.</param>
    /// <exception cref="DataException">
    /// The results do not fit each other, or a chosen classifier is not there; the message says what to do.
    /// </exception>
    public static ScoreTable Of(
        IReadOnlyList<ResultRow> rows, IReadOnlyList<PublishedAccuracy> published, ComparisonChoice choice,
        IReadOnlyDictionary<string, DatasetFacts> facts)
    {
        var runs = new MeasuredRuns(rows, choice.Protocol);
        var notes = new List<string>();
        var used = published.Count == 0 ? runs.Rows : OfTheArchivesSplit(runs, notes);
        var results = published.ToDictionary(p => (p.Dataset, p.Method));
        var classifiers = ClassifierChoice.Of(runs, published, choice.Classifiers, notes);
        var table = new ScoreTable(classifiers);
        var byCell = used.GroupBy(r => (r.Dataset, runs.Classifier(r))).ToDictionary(g => g.Key, g => g.ToList());
        var leftOut = new List<(ComparedDataset, string)>();
        var (datasets, compared, numUnmatched) = (new List<ComparedDataset>(), new List<(ComparedClassifier, ResultRow)>(), 0);
        foreach (var name in runs.Datasets)
        {
            var first = runs.Rows.First(r => r.Dataset == name);
            SignalKind? kind = choice.Kinds.TryGetValue(name, out var known) ? known : null;
            var dataset = new ComparedDataset(name, first.NumTrain, first.NumTest, first.NumClasses, kind, facts.GetValueOrDefault(name));
            var cells = classifiers.Where(c => byCell.ContainsKey((name, c))).ToDictionary(c => c, c => byCell[(name, c)]);
            var common = cells.Values.Select(runs => runs.Select(r => r.Resample)).DefaultIfEmpty([]).Aggregate((a, b) => a.Intersect(b))
                .ToHashSet();
            foreach (var (classifier, measured) in cells)
            {
                var matched = common.Count == 0 ? measured : [.. measured.Where(r => common.Contains(r.Resample))];
                numUnmatched += measured.Count - matched.Count;
                compared.AddRange(matched.Select(r => (classifier, r)));
                table.scores[(dataset, classifier)] = Score.Of(matched);
            }
            foreach (var classifier in classifiers.Where(c => c.Kind is ClassifierKind.Published))
            {
                if (results.TryGetValue((name, classifier.Name[..^ComparedClassifier.PublishedMark.Length]), out var result))
                    table.scores[(dataset, classifier)] = Score.Of(result, dataset.NumTest);
            }
            datasets.Add(dataset);
            var missing = classifiers.Where(c => table[dataset, c] is null).Select(c => c.Name).ToList();
            if (missing.Count > 0) leftOut.Add((dataset, $"no result of {string.Join(", ", missing)}"));
            else if (cells.Count > 0 && common.Count == 0) leftOut.Add((dataset, "no resample that all measured classifiers were run on"));
        }
        if (numUnmatched > 0)
            notes.Add($"{numUnmatched} runs at resamples that not every measured classifier has on that data set are not compared.");
        table.Datasets = datasets;
        table.Runs = compared;
        table.LeftOut = leftOut;
        table.Notes = notes;
        table.Complete = [.. datasets.Except(leftOut.Select(l => l.Item1))];
        table.Sources = [.. published.Where(p => p.Source.Length > 0 && classifiers.Contains(ComparedClassifier.Published(p.Method)))
            .GroupBy(p => p.Method).Select(g => $"{g.Key}: {string.Join("; ", g.Select(p => p.Source).Distinct().Take(3))}")];
        return table;
    }

    /// <summary>Published results are of the archive's own split, which is resample 0.</summary>
    private static List<ResultRow> OfTheArchivesSplit(MeasuredRuns runs, List<string> notes)
    {
        if (runs.Protocol != "official")
            throw new DataException(
                $"{runs.Rows[0].Place}: expected results on the archive's own split, as published results are, found protocol {runs.Protocol}. "
                + "Run with --protocol official, or leave --published out.");
        var used = runs.Rows.Where(r => r.Resample == 0).ToList();
        if (used.Count == 0)
            throw new DataException(
                $"{runs.Rows[0].Place}: expected results at resample 0, the archive's own split, as published results are, found others only. "
                + "Run with --resamples 0, or leave --published out.");
        if (used.Count < runs.Rows.Count)
            notes.Add($"Published results are of the archive's own split, so only resample 0 is compared; {runs.Rows.Count - used.Count} runs at other resamples are not.");
        return used;
    }
}
