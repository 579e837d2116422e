using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Statistics;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Comparison;

/// <summary>Accuracy of a classifier against the reference's, one point a data set.</summary>
internal static class PairScatter
{
    private const double Side = 250;
    private const double Left = 46;
    private const double Top = 8;
    private const int MaxPanels = 12;

    public static HtmlText Markup(RankComparison comparison)
    {
        var others = comparison.Ranked.Where(r => r.Classifier != comparison.Reference)
            .OrderBy(r => r.Classifier.Kind is ClassifierKind.Published).Take(MaxPanels).ToList();
        return $"""
            <h3>Against {comparison.Reference.Name}</h3>
            <p class="quiet">One point a data set; above the diagonal the classifier is better than the reference.{(others.Count < comparison.Ranked.Count - 1
                ? $" {others.Count} of {comparison.Ranked.Count - 1} are shown, measured ones first." : HtmlText.Empty)}</p>
            <div class="panels small">{others.Select(r => Panel(comparison, r.Classifier))}</div>

            """;
    }

    private static HtmlText Panel(RankComparison comparison, ComparedClassifier classifier)
    {
        var pair = comparison[classifier, comparison.Reference];
        var points = comparison.Table.Complete.Select(
            d => (d.Name, X: comparison.Table[d, comparison.Reference]!.Accuracy.Mean, Y: comparison.Table[d, classifier]!.Accuracy.Mean))
            .ToList();
        var low = Math.Max(0, Math.Floor((points.Min(p => Math.Min(p.X, p.Y)) - 0.02) * 10) / 10);
        var (x, y) = (new Axis(low, 1, false, Left, Left + Side), new Axis(low, 1, false, Top + Side, Top));
        return $"""
            <figure><figcaption><b>{classifier.Name}</b> <span class="record">better on {pair.Wins}, level on {pair.Draws}, worse on {pair.Losses}</span></figcaption>
            <svg viewBox="0 0 {Left + Side + 12:0} {Top + Side + 40:0}" width="{Left + Side + 12:0}" role="img" aria-label="{classifier.Name} against {comparison.Reference.Name}">
            {x.Ticks(4).Select(HtmlText (t) => $"""
                <path class="grid" d="M{Left:0} {y.At(t):0.#}H{Left + Side:0}M{x.At(t):0.#} {Top:0}V{Top + Side:0}"/>
                <text class="tick" x="{Left - 6:0}" y="{y.At(t) + 4:0.#}" text-anchor="end">{t:0.0}</text>
                <text class="tick" x="{x.At(t):0.#}" y="{Top + Side + 16:0.#}" text-anchor="middle">{t:0.0}</text>
                """)}
            <path class="level-line" d="M{Left:0} {Top + Side:0}L{Left + Side:0} {Top:0}"/>
            {points.Select(HtmlText (p) => $"""
                <g class="{Colour(p.X, p.Y)}"><title>{p.Name}: {MetricText.Score(p.Y)}, reference {MetricText.Score(p.X)}</title>
                <circle class="dot soft" cx="{x.At(p.X):0.#}" cy="{y.At(p.Y):0.#}" r="4.5"/></g>
                """)}
            <text class="axis" x="{Left + (Side / 2):0}" y="{Top + Side + 34:0}" text-anchor="middle">{AccuracySection.Short(comparison.Reference.Name)}</text>
            <text class="axis" x="11" y="{Top + (Side / 2):0}" text-anchor="middle" transform="rotate(-90 11 {Top + (Side / 2):0})">{AccuracySection.Short(classifier.Name)}</text>
            </svg></figure>

            """;
    }

    private static string Colour(double reference, double accuracy) =>
        Ties.Compare(accuracy, reference) switch { > 0 => "c2", < 0 => "c1", _ => "cb" };
}
