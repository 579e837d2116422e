using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>Mean accuracy by the values of one setting, with its interval over seeds and resamples.</summary>
public sealed partial class SettingSection
{
    private static HtmlText Body(SettingGroups groups, string page) => $"""
        <p class="quiet">Scenarios with the same value are averaged within each seed and resample. Behind each mean half of its 95% interval in points, over
        resamples and seeds where there are several, of the test cases otherwise (<a href="{page}#method">how</a>). ★ best on the data set.</p>
        <div class="scroll"><table class="scores"><thead><tr><th scope="col">Data set</th>{groups.Values.Select(Head)}</tr></thead>
        <tbody>{groups.Datasets.Select(dataset => Row(groups, dataset))}
        {(groups.Complete.Count > 1 ? Means(groups) : HtmlText.Empty)}</tbody></table></div>

        """;

    private static HtmlText Head(SettingValue value) => $"""
        <th scope="col" class="n" title="{string.Join(", ", value.Scenarios)}">{value.Name} <span class="quiet">{MetricText.Count(value.Scenarios.Count, "scenario")}</span></th>
        """;

    private static HtmlText Row(SettingGroups groups, string dataset)
    {
        var scores = groups.Values.Select(value => groups[dataset, value.Name]).ToList();
        var best = scores.Max(score => score?.Accuracy.Mean);
        return $"""
            <tr><th scope="row">{dataset}</th>{scores.Select(score => Cell(score, scores.Count > 1 && score?.Accuracy.Mean == best))}</tr>

            """;
    }

    private static HtmlText Cell(SettingScore? score, bool isBest)
    {
        if (score is null) return $"""<td class="n quiet" title="no seed and resample that all its scenarios have">{MetricText.Undefined}</td>""";
        var (mean, lower, upper) = (score.Accuracy.Mean, score.Accuracy.Lower, score.Accuracy.Upper);
        var says = $"95% interval {MetricText.Score(lower)} to {MetricText.Score(upper)}, {MetricText.Count(score.NumRuns, "run")}, "
            + MetricText.Count(score.NumResamples, "resample");
        return $"""
            <td class="n{(isBest ? " best" : "")}" title="{says}">{(isBest ? $"<span title=\"best\">★</span> " : HtmlText.Empty)}{MetricText.Score(mean)}
            <small>±{100 * (upper - lower) / 2:0.0}</small></td>
            """;
    }

    private static HtmlText Means(SettingGroups groups) => $"""
        <tr class="reference fixed"><th scope="row">mean of {groups.Complete.Count}</th>
        {groups.Values.Select(HtmlText (value) => $"<td class=\"n\">{MetricText.Score(groups.Mean(value.Name))}</td>")}</tr>
        """;
}
