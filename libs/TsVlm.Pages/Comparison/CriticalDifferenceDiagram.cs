using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Statistics;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Comparison;

/// <summary>
/// The critical-difference diagram (Demšar 2006, figure 1b): mean ranks on a line, the best at the left, and bars over classifiers among
/// which no pair differs significantly by Wilcoxon's test (Benavoli, Corani and Mangili 2016).
/// </summary>
internal static class CriticalDifferenceDiagram
{
    private const double Width = 1100;
    private const double AxisY = 40;
    private const double BarStep = 10;
    private const double RowHeight = 22;

    public static HtmlText Markup(RankComparison comparison, ClassifierMarks marks)
    {
        var ranked = comparison.Ranked;
        var numLeft = (ranked.Count + 1) / 2;
        // The whole ranks around those that occur, so that near ranks stay apart.
        var (low, high) = (Math.Floor(ranked[0].MeanRank), Math.Max(Math.Ceiling(ranked[^1].MeanRank), Math.Floor(ranked[0].MeanRank) + 1));
        var axis = new Axis(low, high, false, Gutter(ranked.Take(numLeft)), Width - Gutter(ranked.Skip(numLeft)));
        var levels = Levels(comparison.Cliques);
        var firstRow = AxisY + 26 + (BarStep * levels.DefaultIfEmpty(-1).Max());
        var bottom = firstRow + (RowHeight * (numLeft - 1)) + 16;
        return $"""
            <div class="scroll"><svg viewBox="0 0 {Width:0} {bottom:0.#}" width="{Width:0}" role="img" aria-label="Critical-difference diagram">
            {Scale(axis)}
            {comparison.Cliques.Zip(levels, (c, level) => Bar(comparison, c, axis, AxisY + 14 + (BarStep * level)))}
            {ranked.Select((r, i) => i < numLeft
                ? Label(marks, r, axis, firstRow + (RowHeight * i), axis.From - 18, "end")
                : Label(marks, r, axis, firstRow + (RowHeight * (ranked.Count - 1 - i)), axis.To + 18, "start"))}</svg></div>

            """;
    }

    /// <summary>Room for the longest of the names with its rank.</summary>
    private static double Gutter(IEnumerable<RankedClassifier> ranked) =>
        Math.Clamp(76 + (6.8 * ranked.Select(r => AccuracySection.Short(r.Classifier.Name).Length).DefaultIfEmpty(0).Max()), 130, 310);

    /// <summary>Each bar takes the first level at which it overlaps none before it.</summary>
    private static List<int> Levels(IReadOnlyList<Clique> cliques)
    {
        var (levels, ends) = (new List<int>(), new List<int>());
        foreach (var clique in cliques)
        {
            var level = ends.FindIndex(end => end < clique.First);
            if (level < 0) (level, ends) = (ends.Count, [.. ends, clique.Last]);
            else ends[level] = clique.Last;
            levels.Add(level);
        }
        return levels;
    }

    private static HtmlText Scale(Axis axis)
    {
        var step = Math.Ceiling((axis.Max - axis.Min) / 12);
        return $"""
            <path class="scale" d="M{axis.From:0.#} {AxisY:0}H{axis.To:0.#}"/>
            {Enumerable.Range(0, (int)((axis.Max - axis.Min) / step) + 1).Select(i => axis.Min + (i * step)).Select(HtmlText (rank) => $"""
                <path class="scale" d="M{axis.At(rank):0.#} {AxisY - 7:0}V{AxisY:0}"/>
                <text class="tick" x="{axis.At(rank):0.#}" y="{AxisY - 12:0}" text-anchor="middle">{rank:0}</text>
                """)}
            <text class="axis" x="{axis.From:0.#}" y="12" text-anchor="middle">better</text><text class="axis" x="{(axis.From + axis.To) / 2:0.#}" y="12"
            text-anchor="middle">mean rank by accuracy</text><text class="axis" x="{axis.To:0.#}" y="12" text-anchor="middle">worse</text>
            """;
    }

    private static HtmlText Bar(RankComparison comparison, Clique clique, Axis axis, double y)
    {
        var members = comparison.Ranked.Skip(clique.First).Take(clique.Last - clique.First + 1).ToList();
        return $"""
            <g><title>No significant difference among {string.Join(", ", members.Select(m => m.Classifier.Name))}</title>
            <path class="clique" d="M{axis.At(members[0].MeanRank) - 4:0.#} {y:0.#}H{axis.At(members[^1].MeanRank) + 4:0.#}"/></g>
            """;
    }

    private static HtmlText Label(ClassifierMarks marks, RankedClassifier ranked, Axis axis, double y, double x, string anchor)
    {
        var (at, isLeft, name) = (axis.At(ranked.MeanRank), anchor == "end", ranked.Classifier.Name);
        var rank = $"{ranked.MeanRank.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)}";
        return $"""
            <path class="leader" d="M{at:0.#} {AxisY:0}V{y:0.#}H{x:0.#}"/>{marks.Point(ranked.Classifier, at, AxisY, $"{name}: mean rank {rank}")}
            <text class="rank" x="{x + (isLeft ? -6 : 6):0.#}" y="{y + 4:0.#}" text-anchor="{anchor}">{rank}</text>
            <text class="{ClassifierMarks.TextStyle(ranked.Classifier)}" x="{x + (isLeft ? -46 : 46):0.#}" y="{y + 4:0.#}"
            text-anchor="{anchor}">{AccuracySection.Short(name)}<title>{name}</title></text>
            """;
    }
}
