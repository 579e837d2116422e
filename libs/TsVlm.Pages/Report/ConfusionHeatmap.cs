using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>A confusion matrix as a heat map: with counts for few classes, as a picture with row tooltips for many.</summary>
internal static class ConfusionHeatmap
{
    private const int MaxClassesWithCounts = 20;
    private const int NumShades = 8;
    private const int MaxInTooltip = 6;

    /// <summary>The heat map.</summary>
    /// <param name="metrics">The counts.</param>
    /// <param name="casesOf">Where the cases of a true and a predicted class are shown; null for nowhere.</param>
    public static HtmlText Markup(TestMetrics metrics, Func<string, string, string>? casesOf) =>
        metrics.ClassNames.Count <= MaxClassesWithCounts ? WithCounts(metrics, casesOf) : Picture(metrics);

    private static HtmlText WithCounts(TestMetrics metrics, Func<string, string, string>? casesOf)
    {
        var names = metrics.ClassNames;
        var size = Math.Clamp(380.0 / names.Count, 24, 44);
        var gutter = Math.Clamp(26 + (6.6 * Math.Min(16, names.Max(n => n.Length))), 44, 134);
        var side = size * names.Count;
        var hasShortNames = names.All(n => n.Length <= 3);
        var top = hasShortNames ? 40 : gutter;
        var width = gutter + side + (hasShortNames ? 4 : gutter / 2);
        return $"""
            <svg class="matrix" viewBox="0 0 {width:0.#} {top + side + 4:0.#}" width="{width:0.#}" role="{(casesOf is null ? "img" : "group")}" aria-label="Confusion matrix">
            <text class="axis" x="{gutter + (side / 2):0.#}" y="11" text-anchor="middle">predicted</text>
            <text class="axis" x="10" y="{top + (side / 2):0.#}" text-anchor="middle" transform="rotate(-90 10 {top + (side / 2):0.#})">true</text>
            {names.Select((name, i) => Names(name, i, size, gutter, top, hasShortNames))}
            {Cells(metrics.Confusion).Select(c => Linked(metrics, c, casesOf, Cell(metrics, c, size, gutter, top)))}</svg>
            """;
    }

    private static HtmlText Names(string name, int index, double size, double gutter, double top, bool isUpright)
    {
        var middle = (index + 0.5) * size;
        return $"""
            <text class="tick" x="{gutter - 6:0.#}" y="{top + middle + 4:0.#}" text-anchor="end">{Short(name)}</text>
            <text class="tick" x="{gutter + middle:0.#}" y="{top - 6:0.#}" {(isUpright
                ? $"""text-anchor="middle" """
                : (HtmlText)$"""text-anchor="start" transform="rotate(-60 {gutter + middle:0.#} {top - 6:0.#})" """)}>{Short(name)}</text>
            """;
    }

    private static HtmlText Linked(TestMetrics metrics, MatrixCell cell, Func<string, string, string>? casesOf, HtmlText markup)
    {
        if (casesOf is null || cell.Count == 0) return markup;
        var (label, prediction) = (metrics.ClassNames[cell.True], metrics.ClassNames[cell.Predicted]);
        return $"""<a href="{casesOf(label, prediction)}" aria-label="{cell.Count} cases of {label}, predicted as {prediction}">{markup}</a>""";
    }

    private static HtmlText Cell(TestMetrics metrics, MatrixCell cell, double size, double gutter, double top)
    {
        var (x, y) = (gutter + (cell.Predicted * size), top + (cell.True * size));
        return $"""
            <g><title>true {metrics.ClassNames[cell.True]}, predicted {metrics.ClassNames[cell.Predicted]}: {cell.Count} of {cell.RowTotal}</title>
            <rect class="{Style(cell)}" x="{x + 1:0.#}" y="{y + 1:0.#}" width="{size - 2:0.#}" height="{size - 2:0.#}" rx="3"/>
            <text class="count{(cell.Count == 0 ? " none" : cell.Share > 0.6 ? " on" : "")}" x="{x + (size / 2):0.#}" y="{y + (size / 2) + 4:0.#}"
            text-anchor="middle">{cell.Count}</text></g>
            """;
    }

    private static HtmlText Picture(TestMetrics metrics)
    {
        var count = metrics.ClassNames.Count;
        var scale = Math.Max(4, 420 / count);
        var side = scale * count;
        var rows = Cells(metrics.Confusion).Where(c => c.Count > 0).GroupBy(c => c.True);
        return $"""
            <svg class="matrix" viewBox="0 0 {side + 50} {side + 44}" width="{side + 50}" role="img" aria-label="Confusion matrix of {count} classes">
            <text class="axis" x="{42 + (side / 2)}" y="11" text-anchor="middle">predicted class, by number</text>
            <text class="axis" x="10" y="{36 + (side / 2)}" text-anchor="middle" transform="rotate(-90 10 {36 + (side / 2)})">true class, by number</text>
            {Enumerable.Range(0, count).Where(i => i % 10 == 0).Select(HtmlText (i) => $"""
                <text class="tick" x="{42 + ((i + 0.5) * scale):0.#}" y="30" text-anchor="middle">{i + 1}</text><text class="tick" x="36"
                y="{36 + ((i + 0.5) * scale) + 4:0.#}" text-anchor="end">{i + 1}</text>
                """)}
            <rect class="void" x="42" y="36" width="{side}" height="{side}"/>
            <g transform="translate(42 36) scale({scale})">{rows.Select(r => PictureRow(metrics, [.. r]))}</g></svg>
            <p class="quiet">Each row is a true class, shaded by the share of its cases; hover over it for the counts.
            Class numbers are those of the table of classes.</p>
            """;
    }

    private static HtmlText PictureRow(TestMetrics metrics, IReadOnlyList<MatrixCell> row)
    {
        var max = row.OrderByDescending(c => c.Count).Take(MaxInTooltip).Select(c => $"{metrics.ClassNames[c.Predicted]} ({c.Count})");
        var shades = row.GroupBy(Style);
        return $"""
            <g><title>true {metrics.ClassNames[row[0].True]}, predicted {string.Join(", ", max)}{(row.Count > MaxInTooltip ? ", …" : "")}</title>
            {shades.Select(HtmlText (s) => $"""<path class="{s.Key}" d="{s.Select(HtmlText (c) => $"M{c.Predicted} {c.True}h1v1h-1z")}"/>""")}</g>

            """;
    }

    /// <summary>Diagonal or error, and how dark.</summary>
    private static string Style(MatrixCell cell) => cell.Count == 0
        ? "void"
        : $"{(cell.True == cell.Predicted ? "hit" : "miss")} q{Math.Clamp((int)Math.Ceiling(cell.Share * NumShades), 1, NumShades)}";

    private static IEnumerable<MatrixCell> Cells(IReadOnlyList<IReadOnlyList<int>> confusion)
    {
        var count = confusion.Count;
        for (var truth = 0; truth < count; truth++)
        {
            var total = Enumerable.Range(0, count).Sum(predicted => confusion[truth][predicted]);
            for (var predicted = 0; predicted < count; predicted++) yield return new(truth, predicted, confusion[truth][predicted], total);
        }
    }

    private static string Short(string name) => name.Length <= 16 ? name : name[..15] + "…";

    private readonly record struct MatrixCell(int True, int Predicted, int Count, int RowTotal)
    {
        public double Share => RowTotal == 0 ? 0 : (double)Count / RowTotal;
    }
}
