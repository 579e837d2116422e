using TsVlm.Evaluation;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>Learning curves: a panel for each run, those of one data set on the same axes.</summary>
public sealed partial class LearningSection
{
    private const double Width = 320;
    private const double Height = 190;
    private const double Left = 46;
    private const double Bottom = Height - 36;
    private const int MaxPoints = 120;

    private static HtmlText Legend(bool hasRefit) => $"""
        <p class="quiet">Loss is in nats a token. Panels of one data set share the loss axis, which is logarithmic
        where the losses span more than a factor of 30.
        A long log is drawn as the means of {MaxPoints} equal parts.</p>
        <p class="legend"><span><svg width="26" height="10"><path class="loss" d="M0 5H26"/></svg> training</span>
        <span><svg width="26" height="10"><path class="validation" d="M0 5H26"/><circle class="dot" cx="13" cy="5" r="2.5"/></svg> validation</span>
        <span><svg width="16" height="16"><circle class="ring" cx="8" cy="8" r="5.5"/></svg> lowest validation loss: the epoch that is kept</span>
        {(hasRefit ? RefitLegend : HtmlText.Empty)}</p>
        """;

    private static HtmlText RefitLegend => $"""
        <span><svg width="26" height="10"><path class="loss refit" d="M0 5H26"/></svg> refit on training and validation cases, for as many epochs as were best</span>
        """;

    private static HtmlText Group(ScenarioComparison comparison, string name, List<ReportRun> runs, bool isOpen)
    {
        var training = runs.SelectMany(r => Thinned(Part(r, isRefit: false)).Concat(Thinned(Part(r, isRefit: true)))).Select(p => p.Loss);
        var validation = runs.SelectMany(Validation).Select(v => v.ValidationLoss!.Value);
        var axis = Axis.Around([.. training.Concat(validation).Where(double.IsFinite)], Bottom, 8);
        return $"""
            <details class="curves"{(isOpen ? $" open=\"open\"" : HtmlText.Empty)}>
            <summary>{name} <span class="quiet">{MetricText.Count(runs.Count, "run")}{(axis.IsLog ? ", logarithmic" : "")}</span></summary>
            <div class="panels small">{runs.Select(r => Panel(comparison, r, axis))}</div></details>

            """;
    }

    private static HtmlText Panel(ScenarioComparison comparison, ReportRun run, Axis loss)
    {
        var (training, refit) = (Part(run, isRefit: false), Part(run, isRefit: true));
        var step = Axis.FromZero(run.TrainingLog.Max(row => row.Step), Left, Width - 12);
        var validation = Validation(run);
        var best = validation.Where(v => double.IsFinite(v.ValidationLoss!.Value)).MinBy(v => v.ValidationLoss!.Value);
        return $"""
            <figure><figcaption><i class="chip {comparison.Colour(run.Run)}"></i><b>{comparison.LongLabel(run.Run)}</b></figcaption>
            <svg class="{comparison.Colour(run.Run)}" viewBox="0 0 {Width:0} {Height:0}" width="{Width:0}" role="img"
            aria-label="Loss by step of {comparison.LongLabel(run.Run)} on {run.Run.Dataset.Name}">
            {loss.Ticks(4).Select(HtmlText (t) => $"""
                <path class="grid" d="M{Left:0} {loss.At(t):0.#}H{Width - 12:0}"/>
                <text class="tick" x="{Left - 6:0}" y="{loss.At(t) + 4:0.#}" text-anchor="end">{t:0.####}</text>
                """)}
            {step.Ticks(4).Select(HtmlText (t) => $"""<text class="tick" x="{step.At(t):0.#}" y="{Bottom + 15:0.#}" text-anchor="middle">{t:0.##}</text>""")}
            <path class="base" d="M{Left:0} {Bottom:0}H{Width - 12:0}"/>
            <path class="loss" d="{LossLine.Path(Thinned(training), step, loss)}">
            <title>training loss, last {MetricText.Score(training[^1].Loss)}</title></path>
            {(refit.Count > 0 ? Refit(refit, step, loss) : HtmlText.Empty)}
            <path class="validation" d="{LossLine.Path(validation.Select(v => ((double)v.Step, v.ValidationLoss!.Value)), step, loss)}"/>
            {validation.Where(v => double.IsFinite(v.ValidationLoss!.Value)).Select(v => ValidationDot(v, step, loss, isBest: v == best))}
            <text class="axis" x="{(Left + Width - 12) / 2:0}" y="{Height - 4:0}" text-anchor="middle">step</text>
            <text class="axis" x="11" y="{(Bottom + 8) / 2:0}" text-anchor="middle"
            transform="rotate(-90 11 {(Bottom + 8) / 2:0})">loss{(loss.IsLog ? " (log)" : "")}</text></svg></figure>

            """;
    }

    private static HtmlText Refit(List<TrainingLogRow> rows, Axis step, Axis loss) => $"""
        <path class="loss refit" d="{LossLine.Path(Thinned(rows), step, loss)}">
        <title>loss of the refit, {rows[^1].Epoch:0.##} epochs, last {MetricText.Score(rows[^1].Loss)}</title></path>
        """;

    private static HtmlText ValidationDot(TrainingLogRow row, Axis step, Axis loss, bool isBest)
    {
        var (x, y) = (step.At(row.Step), loss.At(row.ValidationLoss!.Value));
        var tooltip = $"validation loss {MetricText.Score(row.ValidationLoss.Value)}{(isBest ? ", the lowest" : "")}";
        HtmlText ring = isBest ? $"""<circle class="ring" cx="{x:0.#}" cy="{y:0.#}" r="5.5"/>""" : HtmlText.Empty;
        return $"""
            <g><title>epoch {row.Epoch:0.##}, step {row.Step}: {tooltip}</title>
            <circle class="dot" cx="{x:0.#}" cy="{y:0.#}" r="2.5"/>{ring}</g>
            """;
    }

    private static List<TrainingLogRow> Validation(ReportRun run) => [.. run.TrainingLog.Where(r => r.ValidationLoss is not null)];

    private static List<TrainingLogRow> Part(ReportRun run, bool isRefit) => [.. run.TrainingLog.Where(row => row.IsRefit == isRefit)];

    private static IEnumerable<(double Step, double Loss)> Thinned(List<TrainingLogRow> log) =>
        log.Count <= MaxPoints
            ? log.Select(r => ((double)r.Step, r.Loss))
            : log.Index().GroupBy(r => (long)r.Index * MaxPoints / log.Count)
            .Select(g => (g.Average(r => (double)r.Item.Step), g.Average(r => r.Item.Loss)));
}
