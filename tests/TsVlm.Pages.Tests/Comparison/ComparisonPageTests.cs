using System.Xml.Linq;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Tests.Statistics;
using TsVlm.Pages.Comparison;
using static TsVlm.Evaluation.Tests.Comparison.ComparisonRows;

namespace TsVlm.Pages.Tests.Comparison;

public sealed class ComparisonPageTests
{
    private static readonly PublishedAccuracy[] Published =
        [.. Enumerable.Range(0, 14).Select(i => new PublishedAccuracy($"D{i:00}", "ROCKET", 0.99 - (0.01 * i), 2, "paper <b>"))];

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_but_itself()
    {
        var text = Page(Demsar(Published));
        var document = XDocument.Parse(text);
        Assert.DoesNotContain("http", text);
        Assert.DoesNotContain("NaN", string.Concat(document.Descendants("main").Single().DescendantNodes()));
        var ids = document.Descendants().Attributes("id").Select(a => a.Value).ToHashSet();
        Assert.Subset(ids, document.Descendants().Attributes("href").Select(a => a.Value[1..]).ToHashSet());
    }

    [Fact]
    public void Equal_data_gives_an_equal_page() => Assert.Equal(Page(Demsar(Published)), Page(Demsar(Published)));

    [Fact]
    public void The_diagram_names_every_classifier_with_its_rank_and_has_a_bar_for_each_clique()
    {
        var diagram = Document(Demsar()).Descendants().Single(e => (string?)e.Attribute("aria-label") == "Critical-difference diagram");
        foreach (var name in DemsarExample.Classifiers) Assert.Contains(name, diagram.Value);
        foreach (var rank in (string[])["1.96", "2.00", "2.89", "3.14"]) Assert.Contains(rank, diagram.Value);
        Assert.Equal(2, diagram.Descendants().Count(e => (string?)e.Attribute("class") == "clique"));
    }

    [Fact]
    public void Names_in_the_diagram_stand_in_rows_of_their_own()
    {
        var diagram = Document(Demsar(Published)).Descendants()
            .Single(e => (string?)e.Attribute("aria-label") == "Critical-difference diagram");
        var places = diagram.Elements().Where(e => (string?)e.Attribute("class") == "rank")
            .Select(e => ((string)e.Attribute("text-anchor")!, (string)e.Attribute("y")!)).ToList();
        Assert.Equal(5, places.Distinct().Count());
    }

    [Fact]
    public void Names_in_the_time_chart_do_not_lie_on_each_other()
    {
        // Seven classifiers at nearly the same time and accuracy.
        var rows = from d in Enumerable.Range(0, 6) from c in Enumerable.Range(0, 7) select Row($"D{d}", $"scenario-{c}", 0.8 + (0.001 * c),
            seconds: 10 + (0.1 * c));
        var chart = Document(rows).Descendants().Single(e => (string?)e.Attribute("aria-label") == "Mean time against mean accuracy");
        var boxes = chart.Elements().Where(e => (string?)e.Attribute("class") == "row").Select(Box).ToList();
        Assert.Equal(7, boxes.Count);
        foreach (var (i, a) in boxes.Index())
            Assert.DoesNotContain(boxes.Skip(i + 1), b => a.Left < b.Right && b.Left < a.Right && Math.Abs(a.Y - b.Y) < 12);

        static (double Left, double Right, double Y) Box(XElement text)
        {
            var (x, width) = ((double)text.Attribute("x")!, 6.2 * text.Value.Length);
            var left = (string)text.Attribute("text-anchor")! switch { "start" => x, "end" => x - width, _ => x - (width / 2) };
            return (left, left + width, (double)text.Attribute("y")!);
        }
    }

    [Fact]
    public void A_published_method_is_marked_wherever_it_is_shown()
    {
        var document = Document(Demsar(Published));
        foreach (var head in document.Descendants("th").Where(e => e.Value.Contains("ROCKET", StringComparison.Ordinal)))
            Assert.Contains("published", head.Value);
        foreach (var caption in document.Descendants("figcaption").Where(e => e.Value.Contains("ROCKET", StringComparison.Ordinal)))
            Assert.Contains("(published)", caption.Value);
        foreach (var label in document.Descendants("text").Where(e => e.Value.Contains("ROCKET", StringComparison.Ordinal)))
            Assert.Contains("(published)", label.Value);
        Assert.Contains("Nothing was run here for these", document.Root!.Value);
        Assert.Contains("paper <b>", document.Root.Value);   // escaped
    }

    [Fact]
    public void Data_sets_left_out_are_listed_with_their_reason()
    {
        var page = Html(Rows([.. Enumerable.Range(0, 8).Select(i => new[] { 0.9, 0.8 })]).Where((_, i) => i != 5));
        Assert.Matches("c1: D02\\.$", page.One("#summary .notice li").Shown());
        var rows = page.Rows("#accuracy table tbody:last-child tr:not(.group)");
        Assert.Equal(("D02", "–"), (Assert.Single(rows)[0], rows[0][2]));
    }

    [Fact]
    public void A_page_of_one_data_set_says_that_it_is_too_little_instead_of_numbers()
    {
        var page = Html(Rows([[0.9, 0.8, 0.7]]));
        Assert.Contains("3 classifiers on 1 data set", page.One("#summary .lead").Shown());
        Assert.Equal(Enumerable.Repeat("too little to compare", 3), page.Rows("#ranks tbody tr").Select(cells => cells[^1]));
        Assert.Empty(page.QuerySelectorAll("#ranks svg"));
        Assert.DoesNotContain("P = ", page.DocumentElement.TextContent);
    }

    [Fact]
    public void A_page_is_written_for_one_classifier_and_for_no_complete_data_set()
    {
        Assert.Equal(["too little to compare"], Html([Row("A", "both", 0.5)]).Rows("#ranks tbody tr").Select(cells => cells[^1]));
        var none = Html([Row("A", "both", 0.5), Row("B", "baseline:1nn", 0.5)]);
        Assert.Empty(none.QuerySelectorAll("#ranks table"));
        Assert.NotEmpty(none.One("#ranks p").Shown());
    }

    [Fact]
    public void Too_few_data_sets_for_any_difference_are_told_as_such()
    {
        var page = Html(Rows([.. Enumerable.Repeat<double[]>([0.9, 0.8, 0.7], 6)]));
        Assert.Contains("So few data sets cannot show a difference", page.One("#summary .lead + p > b").Shown());
        Assert.Equal(["≈ not significant", "≈ not significant"], page.Texts("#ranks td.verdict"));
    }

    [Fact]
    public void Many_classifiers_have_a_page_with_the_best_of_them_in_the_matrix()
    {
        var page = Html(Rows([.. Enumerable.Range(0, 9)
            .Select(d => Enumerable.Range(0, 40).Select(c => Math.Round(0.5 + (0.01 * c) + (0.001 * ((c * d) % 7)), 6)).ToArray())]));
        Assert.Equal(12, page.One("table.pairs").QuerySelectorAll("tr").Length - 1);
        Assert.Contains("pairwise.csv", page.One("#pairs").Shown());
    }

    private static List<ResultRow> Demsar() => Rows(DemsarExample.Scores, DemsarExample.Classifiers);

    private static RankComparison Demsar(PublishedAccuracy[] published) => RankComparison.Of(Table(Demsar(), published));

    private static XDocument Document(RankComparison comparison) => XDocument.Parse(Page(comparison));

    private static XDocument Document(IEnumerable<ResultRow> rows) => Document(RankComparison.Of(Table([.. rows])));

    private static AngleSharp.Dom.IDocument Html(IEnumerable<ResultRow> rows) => HtmlPage.Parse(Page(RankComparison.Of(Table([.. rows]))));

    private static string Page(RankComparison comparison)
    {
        var output = new StringWriter();
        ComparisonPage.Write(comparison, PairedTests.None,
            new("Comparison", new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero), "tsvlm compare --results a", "1"), output);
        return output.ToString();
    }
}
