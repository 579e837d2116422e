using TsVlm.Contracts;
using TsVlm.Evaluation;

namespace TsVlm.Pages.Report;

/// <summary>One metric of the result tables.</summary>
/// <param name="Name">Head of its column.</param>
/// <param name="IsHigherBetter">False for losses and errors.</param>
/// <param name="Of">The metric of a run.</param>
internal sealed record MetricColumn(string Name, bool IsHigherBetter, Func<RunResult, double> Of)
{
    public static IReadOnlyList<MetricColumn> All { get; } =
    [
        new("Accuracy", true, r => r.Accuracy),
        new("Balanced acc.", true, r => r.BalancedAccuracy),
        new("Macro F1", true, r => r.MacroF1),
        new("AUROC", true, r => r.Auroc),
        new("NLL", false, r => r.Nll),
        new("ECE", false, r => r.Ece),
    ];

    /// <summary>The head of its column, with an arrow to where it is better.</summary>
    public HtmlText Head()
    {
        var (word, arrow) = IsHigherBetter ? ("higher", "↑") : ("lower", "↓");
        return $"""<th scope="col" class="n">{Name} <span class="quiet" title="{word} is better">{arrow}</span></th>""";
    }

    /// <summary>The best metric as shown; null where fewer than two runs have one.</summary>
    public string? Best(IEnumerable<RunResult> results) => Best(results.Select(Of));

    /// <summary>The best of the values as shown; null for fewer than two.</summary>
    public string? Best(IEnumerable<double> values)
    {
        var defined = values.Where(v => !double.IsNaN(v)).ToList();
        return defined.Count < 2 ? null : MetricText.Score(IsHigherBetter ? defined.Max() : defined.Min());
    }

    /// <summary>The metric of a run, marked when it looks the same as the best.</summary>
    public HtmlText Cell(RunResult result, string? best) => Cell(Of(result), best);

    /// <summary>A metric, marked when it looks the same as the best.</summary>
    public static HtmlText Cell(double value, string? best) => MetricText.Score(value) is var shown && shown == best
        ? (HtmlText)$"""<td class="n best"><span title="best">★</span> {shown}</td>"""
        : $"""<td class="n">{shown}</td>""";
}
