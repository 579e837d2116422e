using TsVlm.Evaluation;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>Losses of several runs by epoch on the same axes: thin lines for training, thick ones with dots for validation.</summary>
public static class LossOverlay
{
    private const double Width = 760;
    private const double Height = 330;
    private const double Left = 56;
    private const double Right = Width - 12;
    private const double Bottom = Height - 40;
    private const int MaxPoints = 200;

    /// <summary>Most runs that can be told apart by colour.</summary>
    public const int MaxRuns = ScenarioComparison.NumColours;

    /// <summary>The chart with its legend; a refit on training and validation cases is left out.</summary>
    /// <param name="runs">Runs by name with their logs, <see cref="MaxRuns"/> at most.</param>
    public static HtmlText Markup(IReadOnlyList<(string Label, IReadOnlyList<TrainingLogRow> Log)> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var logs = runs.Take(MaxRuns).Select((run, place) => new Run(run.Label, $"c{place}", Thinned([.. run.Log.Where(row => !row.IsRefit)]),
            [.. run.Log.Where(row => row is { IsRefit: false, ValidationLoss: not null }).Select(row => (row.Epoch, row.ValidationLoss!.Value))]))
            .Where(run => run.Training.Count > 0).ToList();
        if (logs.Count == 0) return $"<p>None of these runs was trained step by step.</p>";
        var loss = Axis.Around([.. logs.SelectMany(run => run.Training.Concat(run.Validation)).Select(point => point.Loss).Where(double.IsFinite)], Bottom, 8);
        var epoch = Axis.FromZero(logs.Max(run => run.Training[^1].Epoch), Left, Right);
        return $"""
            <p class="legend">{logs.Select(HtmlText (run) => $"""<span><i class="chip {run.Style}"></i>{run.Label}</span>""")}</p>
            <svg viewBox="0 0 {Width:0} {Height:0}" width="{Width:0}" role="img" aria-label="Loss by epoch of {MetricText.Count(logs.Count, "run")}">
            {loss.Ticks(5).Select(HtmlText (t) => $"""
                <path class="grid" d="M{Left:0} {loss.At(t):0.#}H{Right:0}"/><text class="tick" x="{Left - 6:0}" y="{loss.At(t) + 4:0.#}" text-anchor="end">{t:0.####}</text>
                """)}
            {epoch.Ticks(6).Select(HtmlText (t) => $"""<text class="tick" x="{epoch.At(t):0.#}" y="{Bottom + 15:0}" text-anchor="middle">{t:0.##}</text>""")}
            <path class="base" d="M{Left:0} {Bottom:0}H{Right:0}"/>
            {logs.Select(HtmlText (run) => $"""
                <g class="{run.Style}"><path class="loss" d="{LossLine.Path(run.Training, epoch, loss)}"><title>{run.Label}, training</title></path>
                <path class="validation" d="{LossLine.Path(run.Validation, epoch, loss)}"/>
                {run.Validation.Where(point => double.IsFinite(point.Loss)).Select(HtmlText (point) => $"""
                    <circle class="dot" cx="{epoch.At(point.Epoch):0.#}" cy="{loss.At(point.Loss):0.#}" r="3"><title>{run.Label}, epoch {point.Epoch:0.##}:
                    validation loss {MetricText.Score(point.Loss)}</title></circle>
                    """)}</g>
                """)}
            <text class="axis" x="{(Left + Right) / 2:0}" y="{Height - 6:0}" text-anchor="middle">epoch</text>
            <text class="axis" x="11" y="{Bottom / 2:0}" text-anchor="middle" transform="rotate(-90 11 {Bottom / 2:0})">loss, nats a
            token{(loss.IsLog ? " (log)" : "")}</text></svg>
            """;
    }

    private static IReadOnlyList<(double Epoch, double Loss)> Thinned(List<TrainingLogRow> log) => log.Count <= MaxPoints
        ? [.. log.Select(row => (row.Epoch, row.Loss))]
        : [.. log.Index().GroupBy(row => (long)row.Index * MaxPoints / log.Count)
            .Select(part => (part.Average(row => row.Item.Epoch), part.Average(row => row.Item.Loss)))];

    private sealed record Run(
        string Label, string Style, IReadOnlyList<(double Epoch, double Loss)> Training, IReadOnlyList<(double Epoch, double Loss)> Validation);
}
