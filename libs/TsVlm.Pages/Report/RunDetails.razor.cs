using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Evaluation;
using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>Everything about a run, folded away until asked for.</summary>
public sealed partial class RunDetails
{
    private static HtmlText Failed(RunFailure failure) =>
        $"""<p class="alarm">Failed in {StageNames.Of(failure.Stage)}: <span class="reason">{failure.Reason}</span></p>""";

    private static HtmlText Metrics(ReportRun run, TestMetrics metrics, Func<string, string, string>? casesOf) => $"""
        <div class="columns metrics"><div><h4>Confusion matrix</h4><div class="scroll">{ConfusionHeatmap.Markup(metrics, casesOf)}</div>
        {(metrics.GeneratedAnswers is { } words ? Words(words) : HtmlText.Empty)}</div>
        {(metrics.Reliability.Any(b => b.Count > 0) ? Reliability(run, metrics) : HtmlText.Empty)}
        {(metrics.LabelSets is { } sets ? LabelSetTable.Markup(sets) : HtmlText.Empty)}
        {(metrics.Abstention.Count > 1 ? AbstentionCurve(metrics) : HtmlText.Empty)}
        <div class="classes"><h4>Classes</h4><div class="scroll tall"><table class="sortable numbers"><thead><tr><th scope="col" class="n">No.</th>
        <th scope="col">Class</th><th scope="col" class="n">Precision</th>
        <th scope="col" class="n">Recall</th><th scope="col" class="n">F1</th><th scope="col" class="n">Cases</th></tr></thead><tbody>
        {metrics.Classes.Select((c, i) => Class(c, i, metrics.ClassNames[i]))}</tbody></table></div></div></div>

        """;

    private static HtmlText Reliability(ReportRun run, TestMetrics metrics) => $"""
        <div><h4>Reliability <span class="quiet">ECE {MetricText.Score(run.Result?.Ece ?? double.NaN)}</span></h4>
        {ReliabilityDiagram.Markup(metrics.Reliability)}{(metrics.Temperature is { } temperature ? TemperatureNote.Markup(temperature) : HtmlText.Empty)}</div>
        """;

    private static HtmlText Words(GeneratedAnswerMetrics words) => $"""
        <p class="words">In its own words, not chosen among the answers: {words.NumValid} of {MetricText.Count(words.NumCases, "test case")}
        answered with a class, accuracy {MetricText.Score(words.Accuracy)}.</p>
        """;

    private static HtmlText AbstentionCurve(TestMetrics metrics) => $"""
        <div><h4>Abstention <span class="quiet">AURC {MetricText.Score(metrics.Aurc ?? double.NaN)}</span></h4>
        {AbstentionDiagram.Markup(metrics.Abstention)}</div>
        """;

    private static HtmlText Class(ClassMetrics metrics, int index, string name) => $"""
        <tr><td>{index + 1}</td><th scope="row">{name}</th><td>{MetricText.Score(metrics.Precision)}</td><td>{MetricText.Score(metrics.Recall)}</td>
        <td>{MetricText.Score(metrics.F1)}</td><td>{metrics.Support}</td></tr>

        """;

    private static HtmlText Stages(ReportRun run) => run.Stages.Count == 0 ? HtmlText.Empty : $"""
        <div><h4>Stages</h4><table><thead><tr><th scope="col">Stage</th><th scope="col" class="n">Seconds</th><th scope="col" class="n">Samples/s</th>
        <th scope="col" class="n">Peak RSS, MB</th></tr></thead><tbody>
        {run.Stages.Select(HtmlText (s) => $"""
            <tr><th scope="row">{StageNames.Of(s.Stage)}</th><td class="n">{MetricText.Seconds(s.Seconds)}</td>
            <td class="n">{MetricText.Rate(s.SamplesPerSecond)}</td><td class="n">{MetricText.Megabytes(s.PeakRssMb)}</td></tr>

            """)}</tbody></table>{(run.TokenBudget is { } tokens ? Tokens(tokens) : HtmlText.Empty)}</div>

        """;

    private static HtmlText Tokens(TokenBudget tokens)
    {
        var filled = Math.Min(1, (double)tokens.LongestSequence / tokens.ContextLength);
        var shown = tokens.DownsamplingFactor == 1 ? "every time step is shown" : $"one point for {tokens.DownsamplingFactor} time steps";
        return $"""
            <h4>Token budget</h4><div class="meter"><i style="width:{100 * filled:0.#}%"></i></div>
            <p>The longest training sequence takes {tokens.LongestSequence:#,0} of {tokens.ContextLength:#,0} tokens;
            downsampling factor {tokens.DownsamplingFactor}: {shown}.</p>
            """;
    }

    private static HtmlText Identity(ReportRun run) => $"""
        <div><h4>Identity</h4><dl class="facts"><dt>Split</dt><dd>{run.Run.Split.Protocol}, resample {run.Run.Split.Resample}</dd><dt>Seed</dt>
        <dd>{run.Run.Seed}</dd>
        {(run.Run.FineTuned is { } model ? $"<dt>Model</dt><dd>{model.Model.Name} <code>{model.Model.ContentHash}</code></dd>" : HtmlText.Empty)}
        <dt>Data set</dt><dd><code>{run.Run.Dataset.ContentHash}</code></dd>
        {Keys(run.Run).Select(HtmlText (key) => $"<dt>{key.Kind}</dt><dd><code>{key.Path}</code></dd>")}</dl>
        {(run.Run.FineTuned is { } tuned ? ScenarioJson(tuned.Scenario) : HtmlText.Empty)}</div>

        """;

    private static HtmlText ScenarioJson(Scenario scenario) =>
        $"""<h4>Scenario</h4><pre class="json">{JsonSerializer.Serialize(scenario, ContractJson.Indented)}</pre>""";

    private static IEnumerable<ArtifactKey> Keys(RunSpec run) => run.FineTuned is null
        ? [ArtifactKeys.Evaluation(run)]
        : [ArtifactKeys.Samples(run), ArtifactKeys.Checkpoint(run), ArtifactKeys.Evaluation(run)];
}
