using TsVlm.Data;

namespace TsVlm.Evaluation.Comparison;

/// <summary>Which classifiers a comparison has as columns.</summary>
internal static class ClassifierChoice
{
    /// <exception cref="DataException">A name is not among the classifiers, or nothing is left.</exception>
    public static IReadOnlyList<ComparedClassifier> Of(
        MeasuredRuns runs, IReadOnlyList<PublishedAccuracy> published, IReadOnlyList<string> names, List<string> notes)
    {
        var chosen = Choose(runs, published, names, notes);
        if (chosen.Any(c => c.Kind is ClassifierKind.Baseline && c.Name.StartsWith("1nn-", StringComparison.Ordinal))
            && chosen.Any(c => c.Kind is ClassifierKind.Published && c.Name.StartsWith("1NN", StringComparison.OrdinalIgnoreCase)))
            notes.Add("The UCR archive's published 1-NN accuracies (1NN-ED, DTW with full or learned window) are of z-normalised series, as those of "
                + "1nn-ed-z, 1nn-dtw-z and 1nn-dtw-learned-z. Those of tsml-eval (1NN-DTW) are of the values as they are, as those of the names without -z.");
        return chosen;
    }

    private static IReadOnlyList<ComparedClassifier> Choose(
        MeasuredRuns runs, IReadOnlyList<PublishedAccuracy> published, IReadOnlyList<string> names, List<string> notes)
    {
        var methods = published.GroupBy(p => p.Method).ToDictionary(g => g.Key, g => g.Select(p => p.Dataset).ToHashSet());
        List<ComparedClassifier> all = [.. runs.Classifiers, .. methods.Keys.Select(ComparedClassifier.Published)];
        if (names.Count > 0)
        {
            // A measured classifier comes before a published one of the same name.
            var chosen = names.Select(name => all.Find(c => c.IsCalled(name)) ?? throw new DataException(
                $"--classifiers: expected names among {string.Join(", ", all.Select(c => c.Name))}; found '{name}'. Correct it, or leave it out.")).ToHashSet();
            return [.. all.Where(chosen.Contains)];
        }
        var covering = methods.Where(m => runs.Datasets.All(m.Value.Contains)).Select(m => m.Key).ToHashSet();
        if (covering.Count < methods.Count)
            notes.Add($"{methods.Count - covering.Count} of {methods.Count} published methods lack a result for a data set of the results and are not compared; "
                + "name them with --classifiers to compare them on the others.");
        return [.. all.Where(c => c.Kind is not ClassifierKind.Published
            || covering.Contains(c.Name[..^ComparedClassifier.PublishedMark.Length]))];
    }
}
