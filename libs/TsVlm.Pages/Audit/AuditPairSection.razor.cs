using TsVlm.Evaluation;
using TsVlm.Evaluation.Audit;

namespace TsVlm.Pages.Audit;

/// <summary>Cases that belong together; those across training and test first.</summary>
public sealed partial class AuditPairSection
{
    private const int MaxRows = 200;

    private static HtmlText Table(List<(string Name, AuditedPair Pair)> pairs) => $"""
        <p class="quiet">{MetricText.Count(pairs.Count, "pair")} of series that are equal, nearly equal or made from each other; first those of which one is learnt from and the
        other tested, then those under different labels.{(pairs.Count > MaxRows ? $" The first {MaxRows} are shown; pairs.csv has all." : "")}</p>
        <div class="scroll tall"><table class="sortable"><thead><tr><th scope="col">Data set</th><th scope="col">Kind</th><th scope="col" class="n">First</th>
        <th scope="col">Label</th><th scope="col" class="n">Second</th><th scope="col">Label</th>
        <th scope="col" class="n">Distance</th><th scope="col" class="n">Offset</th><th scope="col">Crosses</th></tr></thead>
        <tbody>{pairs.Take(MaxRows).Select(p => Row(p.Name, p.Pair))}</tbody></table></div>

        """;

    private static HtmlText Row(string name, AuditedPair pair) => $"""
        <tr><th scope="row">{name}</th><td>{AuditText.Name(pair.Pair.Kind)}</td>
        <td class="n" data-v="{pair.Pair.First}">{pair.FirstFile} {pair.Pair.First}</td><td>{pair.FirstLabel}</td>
        <td class="n" data-v="{pair.Pair.Second}">{pair.SecondFile} {pair.Pair.Second}</td>
        <td{(pair.FirstLabel == pair.SecondLabel ? HtmlText.Empty : $" class=\"worse\"")}>{pair.SecondLabel}</td>
        <td class="n">{MetricText.Score(pair.Pair.Distance)}</td><td class="n">{pair.Pair.Offset}</td>
        <td class="quiet">{(pair.Crosses.Count == 0 ? MetricText.Undefined : AuditText.List(pair.Crosses))}</td></tr>

        """;
}
