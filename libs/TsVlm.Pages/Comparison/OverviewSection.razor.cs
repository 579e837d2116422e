using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>What the comparison shows in words, and what was left out of it.</summary>
public sealed partial class OverviewSection
{
    private static HtmlText Tile(int count, string plural, string singular) =>
        $"""<div class="tile"><b>{count}</b><span>{(count == 1 ? singular : plural)}</span></div>""";

    private static HtmlText TooLittle(RankComparison comparison) => $"""
        <p class="lead">Too little to compare: {MetricText.Count(comparison.Ranked.Count, "classifier")} on {MetricText.Count(comparison.Table.Complete.Count, "data set")}
        that all of them have a result for. Two of each are the least that anything can be said about, and six data sets the least for a significant difference.</p>
        """;

    private static HtmlText Findings(RankComparison comparison)
    {
        var (best, sets) = (comparison.Ranked[0], MetricText.Count(comparison.Table.Complete.Count, "data set"));
        var level = comparison.Ranked.Skip(1).Where(r => !comparison[best.Classifier, r.Classifier].IsSignificant)
            .Select(r => r.Classifier.Name).ToList();
        return $"""
            <p class="lead">Over {sets}, <b>{best.Classifier.Name}</b> has the best mean rank, {best.MeanRank:0.00} of {comparison.Ranked.Count}, at a mean
            accuracy of {MetricText.Score(best.MeanAccuracy)}.
            {Standing(level, comparison.Ranked.Count - 1)}</p>
            <p>{Friedman(comparison)} Pairs are tested with Wilcoxon’s signed-rank test and Holm’s correction over all {comparison.Pairs.Count()} of them, at the level
            {RankComparison.Level:0.00}; not significant means not shown, not equal.{Power(comparison)}</p>

            """;
    }

    private static string Standing(List<string> level, int others)
    {
        if (level.Count == 0)
            return others == 1 ? "It is significantly better than the other." : "It is significantly better than each of the others.";
        if (level.Count == others)
            return others == 1 ? "Nothing shows that it is better than the other."
                : "Nothing shows that it is better than any of the others.";
        return $"Nothing shows that it is better than {Listed(level)}; it is significantly better than the other {others - level.Count}.";
    }

    private static string Listed(List<string> names) =>
        names.Count <= 6 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more";

    private static HtmlText Friedman(RankComparison comparison)
    {
        if (comparison.Friedman is not { } test) return $"With two classifiers there is one pair to test.";
        if (double.IsNaN(test.ChiSquare)) return $"All classifiers are level on every data set.";
        var verdict = test.PValue < RankComparison.Level
            ? "finds that they are not all alike" : "finds no difference among them, so the diagram joins them all";
        return $"""
            Friedman’s test {verdict} (χ² = {test.ChiSquare:0.00} with {comparison.Ranked.Count - 1} degrees of freedom, {MetricText.P(test.PValue)}; Iman and Davenport’s
            F = {(double.IsInfinity(test.F) ? "∞" : MetricText.Score(test.F))}, {MetricText.P(test.FPValue)}).
            """;
    }

    private static HtmlText Power(RankComparison comparison) => comparison.LeastPValue < RankComparison.Level ? HtmlText.Empty : $"""
         <b>So few data sets cannot show a difference between any of these pairs:</b> even one that is better on all {comparison.Table.Complete.Count} would have a corrected
        P of {comparison.LeastPValue:0.00}. Compare fewer classifiers, or on more data sets.
        """;

    private static HtmlText LeftOut(ScoreTable table)
    {
        if (table.LeftOut.Count == 0 && table.Notes.Count == 0) return HtmlText.Empty;
        return $"""
            <div class="notice"><p><b>Not in the results</b></p><ul>{table.Notes.Select(HtmlText (note) => $"<li>{note}</li>")}
            {table.LeftOut.GroupBy(l => l.Reason).Select(HtmlText (g) =>
                $"<li>{MetricText.Count(g.Count(), "data set")}, {g.Key}: {string.Join(", ", g.Select(l => l.Dataset.Name))}.</li>")}</ul></div>

            """;
    }
}
