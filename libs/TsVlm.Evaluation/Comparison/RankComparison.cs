using TsVlm.Data;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Comparison;

/// <summary>
/// Whether classifiers differ over the data sets that all of them have a result for (Demšar 2006; Benavoli, Corani and Mangili 2016).
/// </summary>
public sealed class RankComparison
{
    /// <summary>Differences are called significant below this P, after Holm's correction.</summary>
    public const double Level = 0.05;

    private readonly Dictionary<(ComparedClassifier, ComparedClassifier), ClassifierPair> pairs;

    private RankComparison(ScoreTable table, string? reference)
    {
        Table = table;
        var ranks = table.Complete.Select(d => Ranks.Descending([.. table.Classifiers.Select(c => table[d, c]!.Accuracy.Mean)])).ToList();
        Ranked = [.. table.Classifiers.Select((c, i) =>
            new RankedClassifier(c, Mean(ranks.Select(r => r[i])), Mean(table.Accuracies(c)), ranks.Count(r => r[i] <= r.Min()),
            Mean(table.Complete.Select(d => table[d, c]!.Seconds)))).OrderBy(r => r.MeanRank).ThenByDescending(r => r.MeanAccuracy)];
        Friedman = table.Complete.Count >= 2 && Ranked.Count >= 3 ? FriedmanTest.Of([.. ranks]) : null;
        pairs = IsEnough ? Pair(table, Ranked) : [];
        Cliques = !IsEnough ? []
            : Friedman is { PValue: >= Level } ? [new(0, Ranked.Count - 1)]
            : Clique.Of(Ranked.Count, (a, b) => this[Ranked[a].Classifier, Ranked[b].Classifier].IsSignificant);
        Reference = Choose(reference);
    }

    /// <summary>The scores.</summary>
    public ScoreTable Table { get; }

    /// <summary>The classifiers, the best mean rank first.</summary>
    public IReadOnlyList<RankedClassifier> Ranked { get; }

    /// <summary>Friedman's test; null for fewer than two data sets or three classifiers.</summary>
    public FriedmanTest? Friedman { get; }

    /// <summary>Whether there is anything to test: two data sets and two classifiers.</summary>
    public bool IsEnough => Table.Complete.Count >= 2 && Ranked.Count >= 2;

    /// <summary>
    /// Neighbours by rank without a significant difference, as places in <see cref="Ranked"/>; all where Friedman's test finds nothing.
    /// </summary>
    public IReadOnlyList<Clique> Cliques { get; }

    /// <summary>Every pair, the better ranked first; none where there is too little.</summary>
    public IEnumerable<ClassifierPair> Pairs =>
        from a in Enumerable.Range(0, Ranked.Count) from b in Enumerable.Range(a + 1, Ranked.Count - a - 1)
        where IsEnough select this[Ranked[a].Classifier, Ranked[b].Classifier];

    /// <summary>The classifier that differences are to.</summary>
    public ComparedClassifier Reference { get; }

    /// <summary>The pair, seen from the first.</summary>
    public ClassifierPair this[ComparedClassifier first, ComparedClassifier second] => pairs[(first, second)];

    /// <summary>The smallest corrected P that so many data sets and classifiers allow.</summary>
    public double LeastPValue => Math.Min(1, WilcoxonTest.LeastPValue(Table.Complete.Count) * Ranked.Count * (Ranked.Count - 1) / 2);

    /// <summary>Compares.</summary>
    /// <param name="table">The scores, of at least one classifier.</param>
    /// <param name="reference">
    /// Name of the classifier that differences are to; null for the best-ranked baseline, or published method, or classifier.
    /// </param>
    /// <exception cref="DataException">No classifier of that name.</exception>
    public static RankComparison Of(ScoreTable table, string? reference = null) => new(table, reference);

    private static Dictionary<(ComparedClassifier, ComparedClassifier), ClassifierPair> Pair(ScoreTable table,
        IReadOnlyList<RankedClassifier> ranked)
    {
        var tests = (from a in Enumerable.Range(0, ranked.Count) from b in Enumerable.Range(a + 1, ranked.Count - a - 1)
                     let first = ranked[a] let second = ranked[b]
                     select (first, second,
                         Test: WilcoxonTest.Of(table.Accuracies(first.Classifier), table.Accuracies(second.Classifier)))).ToList();
        var holm = HolmCorrection.Adjust([.. tests.Select(t => t.Test.PValue)]);
        return tests.Zip(holm, (t, p) => new ClassifierPair(
                t.first.Classifier, t.second.Classifier, t.first.MeanAccuracy - t.second.MeanAccuracy, t.Test.Wins, t.Test.Draws,
                t.Test.Losses, t.Test.PValue, p, t.Test.IsExact))
            .SelectMany(pair => (ClassifierPair[])[pair, pair.Reversed]).ToDictionary(pair => (pair.First, pair.Second));
    }

    private ComparedClassifier Choose(string? name)
    {
        if (name is null)
            return Ranked.OrderBy(r => r.Classifier.Kind switch { ClassifierKind.Baseline => 0, ClassifierKind.Published => 1, _ => 2 })
                .First().Classifier;
        return Table.Classifiers.FirstOrDefault(c => c.IsCalled(name)) ?? throw new DataException(
            $"--reference: expected one of the compared classifiers, {string.Join(", ", Table.Classifiers.Select(c => c.Name))}; found '{name}'. Correct it, or leave it out.");
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(double.NaN).Average();
}

/// <summary>A classifier's place in a comparison; every result is over the complete data sets and NaN where there are none.</summary>
/// <param name="Classifier">The classifier.</param>
/// <param name="MeanRank">Mean rank by accuracy, 1 being best, ties sharing their mean rank.</param>
/// <param name="MeanAccuracy">Unweighted mean accuracy.</param>
/// <param name="NumBest">Data sets on which none is better.</param>
/// <param name="Seconds">Mean wall-clock seconds of training and predicting a data set; NaN for published results.</param>
public sealed record RankedClassifier(ComparedClassifier Classifier, double MeanRank, double MeanAccuracy, int NumBest, double Seconds);

/// <summary>Two classifiers over the complete data sets.</summary>
/// <param name="First">The one.</param>
/// <param name="Second">The other.</param>
/// <param name="MeanDifference">Mean accuracy of the first minus that of the second.</param>
/// <param name="Wins">Data sets on which the first is better.</param>
/// <param name="Draws">Data sets on which both are level.</param>
/// <param name="Losses">Data sets on which the second is better.</param>
/// <param name="PValue">Wilcoxon's signed-rank test, two-sided.</param>
/// <param name="HolmPValue">The same after Holm's correction over all pairs.</param>
/// <param name="IsExact">Whether P was counted exactly.</param>
public sealed record ClassifierPair(
    ComparedClassifier First, ComparedClassifier Second, double MeanDifference, int Wins, int Draws, int Losses, double PValue,
    double HolmPValue, bool IsExact)
{
    /// <summary>Whether the difference is significant after correction.</summary>
    public bool IsSignificant => HolmPValue < RankComparison.Level;

    /// <summary>The same seen from the second.</summary>
    public ClassifierPair Reversed =>
        this with { First = Second, Second = First, MeanDifference = -MeanDifference, Wins = Losses, Losses = Wins };
}
