using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Comparison;

/// <summary>What accuracy costs: mean accuracy against mean time over the complete data sets.</summary>
public sealed partial class TimeSection
{
    private const double Width = 900;
    private const double Height = 380;
    private const double Left = 56;
    private const double Right = Width - 30;
    private const double Top = 20;
    private const double Bottom = Height - 50;

    private static HtmlText Chart(IReadOnlyList<RankedClassifier> timed, ClassifierMarks marks)
    {
        var x = Axis.Around([.. timed.Select(r => r.Seconds)], Left, Right);
        var (low, high) = (timed.Min(r => r.MeanAccuracy), timed.Max(r => r.MeanAccuracy));
        var room = Math.Max(0.02, 0.15 * (high - low));
        var y = new Axis(Math.Max(0, low - room), Math.Min(1, high + room), false, Bottom, Top);
        var places = LabelPlaces.Of([
            .. timed.Select(r => (x.At(r.Seconds), y.At(r.MeanAccuracy), AccuracySection.Short(r.Classifier.Name)))], Left, Right, Top,
            Bottom);
        return $"""
            <p class="quiet">Mean wall-clock seconds of training and predicting one data set{(x.IsLog ? ", by logarithm" : "")}, against mean accuracy, over the data sets compared.
            Times are those of the machine that ran each experiment.</p>
            <figure><svg viewBox="0 0 {Width:0} {Height:0}" width="{Width:0}" role="img" aria-label="Mean time against mean accuracy">
            {x.Ticks(6).Select(HtmlText (t) => $"""
                <path class="grid" d="M{x.At(t):0.#} {Top:0}V{Bottom:0}"/><text class="tick" x="{x.At(t):0.#}" y="{Bottom + 16:0}" text-anchor="middle">{t:0.######}</text>
                """)}
            {y.Ticks(5).Select(HtmlText (t) => $"""
                <path class="grid" d="M{Left:0} {y.At(t):0.#}H{Right:0}"/><text class="tick" x="{Left - 6:0}" y="{y.At(t) + 4:0.#}" text-anchor="end">{t:0.00}</text>
                """)}
            {timed.Select(r => marks.Point(r.Classifier, x.At(r.Seconds), y.At(r.MeanAccuracy),
                $"{r.Classifier.Name}: {MetricText.Score(r.MeanAccuracy)} at {MetricText.Duration(r.Seconds)}"))}
            {timed.Zip(places, HtmlText (r, p) => $"""
                <text class="row" x="{p.X:0.#}" y="{p.Y + 4:0.#}" text-anchor="{p.Anchor}">{AccuracySection.Short(r.Classifier.Name)}</text>
                """)}
            <text class="axis" x="{(Left + Right) / 2:0}" y="{Height - 14:0}" text-anchor="middle">seconds a data set</text>
            <text class="axis" x="12" y="{(Top + Bottom) / 2:0}" text-anchor="middle" transform="rotate(-90 12 {(Top + Bottom) / 2:0})">mean accuracy</text></svg></figure>

            """;
    }
}
