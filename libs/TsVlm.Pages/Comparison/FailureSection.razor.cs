using TsVlm.Evaluation;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Statistics;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Comparison;

/// <summary>Where classifiers fall behind the reference: by properties of the data sets, and the data sets furthest behind.</summary>
public sealed partial class FailureSection
{
    private const int MaxColumns = 8;
    private const int NumWorst = 10;

    private static HtmlText Body(RankComparison comparison, PairedTests tests, ClassifierMarks marks, List<ComparedClassifier> shown,
        string page)
    {
        var bins = FailureModes.Of(comparison).ToLookup(b => b.Property);
        var unknown = DatasetProperty.All.Where(p => comparison.Table.Complete.Any(d => p.Bin(d) is null))
            .Select(p => p.Name.ToLowerInvariant()).ToList();
        return $"""
            <p class="quiet">Mean accuracy minus that of <b>{comparison.Reference.Name}</b>, in points, over the data sets of each kind, and on how many it is better and worse.
            The kinds were fixed beforehand; a property by which all data sets are of one kind is not shown.
            A row with few data sets says little, and properties go together: read this as a hint where to look.
            {(unknown.Count == 0 ? HtmlText.Empty : $"For {string.Join(", ", unknown)} name the data with --data, kinds of signal in a file with --kinds.")}
            {(shown.Count < comparison.Ranked.Count - 1 ? $"{shown.Count} of {comparison.Ranked.Count - 1} classifiers are shown; failures.csv has all." : HtmlText.Empty)}</p>
            <div class="scroll"><table class="bins"><thead><tr><th scope="col">Data sets by</th>
            <th scope="col" class="n">Data sets</th>{shown.Select(ClassifierMarks.Head)}</tr></thead>
            {DatasetProperty.All.Where(p => bins[p].Select(b => b.Bin).Distinct().Count() > 1).Select(HtmlText (p) => $"""
                <tbody><tr class="group"><th scope="rowgroup" colspan="{shown.Count + 2}">{p.Name}<span>{p.Explanation}</span></th></tr>
                {bins[p].GroupBy(b => b.Bin).Select(bin => Bin(comparison, p, bin, shown))}</tbody>
                """)}</table></div>
            {Worst(comparison, tests, marks, shown, page)}

            """;
    }

    private static HtmlText Bin(RankComparison comparison, DatasetProperty property, IGrouping<int, BinDifference> bin,
        List<ComparedClassifier> shown)
    {
        var names = string.Join(", ", comparison.Table.Complete.Where(d => property.Bin(d) == bin.Key).Select(d => d.Name));
        var byClassifier = bin.ToDictionary(b => b.Classifier);
        return $"""
            <tr><th scope="row" title="{names}">{property.BinNames[bin.Key]}</th><td class="n">{bin.First().NumDatasets}</td>{shown.Select(c => Cell(byClassifier[c]))}</tr>

            """;
    }

    private static HtmlText Cell(BinDifference difference)
    {
        var size = Math.Abs(difference.MeanDifference) switch { < 0.005 => null, < 0.03 => "", < 0.1 => " more", _ => " most" };
        var style = size is null ? "" : (difference.MeanDifference > 0 ? " up" : " down") + size;
        return $"""
            <td class="n{style}">{MetricText.Points(difference.MeanDifference)} <small>{difference.Wins}–{difference.Losses}</small></td>
            """;
    }

    private static HtmlText Worst(RankComparison comparison, PairedTests tests, ClassifierMarks marks, List<ComparedClassifier> shown,
        string page)
    {
        // What one would improve: scenarios where there are any.
        var candidates = shown.Any(c => c.Kind is ClassifierKind.Scenario) ? shown.Where(c => c.Kind is ClassifierKind.Scenario) : shown;
        var worst = (from c in candidates from d in comparison.Table.Complete
                     let difference = FailureModes.Difference(comparison, d, c)
                     where Ties.Compare(difference, 0) < 0 orderby difference select (c, d, difference)).Take(NumWorst).ToList();
        if (worst.Count == 0) return HtmlText.Empty;
        return $"""
            <h3>Furthest behind {comparison.Reference.Name}</h3>
            <p class="quiet">Where the predictions of both lie beside the results: test cases that the classifier alone has right, and that the reference alone has
            right, with McNemar’s exact P after Holm’s correction over all {MetricText.Count(tests.All.Count, "pair")} of runs; <a href="{page}#method">method</a>.</p>
            <div class="scroll"><table class="sortable"><thead><tr><th scope="col">Data set</th><th scope="col">Classifier</th><th scope="col" class="n">Accuracy</th>
            <th scope="col" class="n">Reference</th><th scope="col">Difference</th><th scope="col" class="n">Classes</th><th scope="col" class="n">Training cases</th>
            <th scope="col" class="n">Length</th><th scope="col" class="n">Channels</th></tr></thead><tbody>
            {worst.Select(HtmlText (w) => $"""
                <tr><th scope="row">{w.d.Name}</th><td class="name">{marks.Name(w.c)}</td><td class="n">{MetricText.Score(comparison.Table[w.d, w.c]!.Accuracy.Mean)}</td>
                <td class="n">{MetricText.Score(comparison.Table[w.d, comparison.Reference]!.Accuracy.Mean)}</td>{VerdictCell.Markup(w.difference, tests[w.d, w.c])}
                <td class="n">{w.d.NumClasses}</td><td class="n">{w.d.NumTrain}</td><td class="n">{w.d.Facts?.MaxLength.ToString() ?? MetricText.Undefined}</td>
                <td class="n">{w.d.Facts?.NumChannels.ToString() ?? MetricText.Undefined}</td></tr>

                """)}</tbody></table></div>

            """;
    }
}
