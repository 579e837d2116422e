using System.Globalization;
using System.Xml.Linq;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Tests.Report;

public class HtmlReportTests
{
    private const string Hostile = "</pre><script>alert('x')</script> & \"quoted\" <image> ]]> \u0001 \uD800";

    [Fact]
    public void An_ordinary_page_is_well_formed_and_holds_no_escaped_markup()
    {
        var page = Page(Ordinary());
        Parse(page);
        Assert.DoesNotContain("&lt;", page.Replace("&lt;image&gt;", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_refers_to_nothing_outside_itself()
    {
        var page = Page(Ordinary());
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        var elements = Parse(page).Descendants().ToList();
        Assert.DoesNotContain(elements, e => e.Name.LocalName is "link" or "iframe" or "object" or "embed");
        Assert.All(elements.Attributes("src"), a => Assert.StartsWith("data:image/png;base64,", a.Value, StringComparison.Ordinal));
        Assert.All(elements.Attributes("href"), a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_link_leads_to_an_element_of_the_page()
    {
        var elements = Parse(Page(Ordinary())).Descendants().ToList();
        var ids = elements.Attributes("id").Select(a => a.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.Subset(ids.ToHashSet(), elements.Attributes("href").Select(a => a.Value[1..]).ToHashSet());
    }

    [Fact]
    public void Equal_data_gives_an_equal_page_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var page = Page(Ordinary());
            var withComma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            withComma.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "~" };
            CultureInfo.CurrentCulture = withComma;
            Assert.Equal(page, Page(Ordinary()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Hostile_text_everywhere_stays_text()
    {
        var spec = ReportSamples.Scenario(Hostile, Hostile);
        var run = ReportSamples.Finished(spec, 0.8, [Hostile, "b"]);
        var example = new TestExample(7, Hostile, Hostile, [new(Hostile, 1)], Hostile, ReportSamples.OnePixel);
        var failed = ReportSamples.Failed(ReportSamples.Baseline(Hostile, Hostile), Stage.Evaluation, Hostile);
        run = run with { RightExamples = [example], WrongExamples = [], DatasetWarnings = [Hostile], SplitWarnings = [Hostile + "2"] };
        var data = ReportSamples.Data(run, failed) with
        {
            Title = Hostile,
            Command = Hostile,
            CodeVersion = Hostile,
            Machine = new MachineDescription(1, Hostile, Hostile),
            Settings = [new(Hostile, Hostile)],
        };
        var document = Parse(Page(data));
        Assert.Single(document.Descendants("script"));
        var shown = Hostile.Replace('\u0001', '\uFFFD').Replace('\uD800', '\uFFFD');
        Assert.Equal(shown, document.Descendants("title").First(e => e.Parent!.Name == "head").Value);
        Assert.Equal(shown, document.Descendants("pre").Single(e => (string?)e.Attribute("class") == "prompt").Value);
        Assert.Equal(shown, document.Descendants("pre").Single(e => (string?)e.Attribute("class") == "command").Value);
    }

    [Fact]
    public void A_prompt_is_shown_letter_for_letter()
    {
        const string prompt = "USER: <image>\nvalues:\t1.0, 2.0 – 😀 it's\r\n ASSISTANT:";
        var example = new TestExample(7, "1", "1", [new("1", 1)], prompt, null);
        var run = ReportSamples.Finished(ReportSamples.Scenario("GunPoint", "both"), 0.8) with { RightExamples = [example],
            WrongExamples = [] };
        Assert.Equal(prompt, Parse(Page(ReportSamples.Data(run))).Descendants("pre")
            .Single(e => (string?)e.Attribute("class") == "prompt").Value);
    }

    [Fact]
    public void A_failed_run_is_told_with_stage_and_reason_in_the_summary_and_in_the_table()
    {
        var page = Page(ReportSamples.Data(
            ReportSamples.Finished(ReportSamples.Scenario("GunPoint", "both"), 0.9),
            ReportSamples.Failed(ReportSamples.Scenario("GunPoint", "text", Arm.Text), Stage.Training,
                "The loss is not a number at step 12.")));
        var document = HtmlPage.Parse(page);
        Assert.Equal(["1", "run failed"], document.Rows("#summary .tile.bad").Single());
        Assert.Equal(["GunPoint · text", "training", "The loss is not a number at step 12."], document.Rows("#summary .failures li")
            .Single());
        Assert.Equal(["text", "failed in training: The loss is not a number at step 12."], document.Rows("#result-table tr.failed")
            .Single());
    }

    [Fact]
    public void A_warning_of_the_split_is_shown_once_by_the_run_that_knows_most()
    {
        var page = HtmlPage.Parse(Page(ReportSamples.Data(
            ReportSamples.Finished(ReportSamples.Baseline("GunPoint", "1nn-ed"), 0.9) with { SplitWarnings = ["52 in test."] },
            ReportSamples.Finished(ReportSamples.Scenario("GunPoint", "both"), 0.9) with { SplitWarnings = ["208, 52 and 52."] },
            ReportSamples.Finished(ReportSamples.Baseline("Coffee", "1nn-ed"), 0.9) with { SplitWarnings = ["5 in test."] })));
        Assert.Equal(["208, 52 and 52.", "5 in test."], page.Texts("#summary .notes dd"));
    }

    [Fact]
    public void An_experiment_without_runs_says_so()
    {
        var document = HtmlPage.Parse(Page(ReportSamples.Data()));
        Assert.Equal(["0", "0", "0", "0", "0"], document.Texts("#summary .tile b").Take(5));
        Assert.NotEmpty(document.One("#summary .lead").Shown());
        Assert.Empty(document.QuerySelectorAll("table, details"));
    }

    [Fact]
    public void An_experiment_of_failures_only_says_that_nothing_finished()
    {
        var document = HtmlPage.Parse(
            Page(ReportSamples.Data(ReportSamples.Failed(ReportSamples.Scenario("GunPoint", "both"), Stage.Datagen, "Disk full."))));
        Assert.Contains("0 runs finished", document.Rows("#summary .tile").Select(tile => string.Join(' ', tile)));
        Assert.NotEmpty(document.One("#summary .lead").Shown());
        Assert.Equal(["both", "failed in data generation: Disk full."], Assert.Single(document.Rows("#result-table tbody tr:not(.group)")));
    }

    [Fact]
    public void A_run_with_neither_result_nor_failure_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            Page(ReportSamples.Data(new ReportRun { Run = ReportSamples.Scenario("GunPoint", "both") })));

    [Fact]
    public void Sixty_classes_make_a_matrix_without_text_in_its_cells()
    {
        var classNames = Enumerable.Range(1, 60).Select(c => $"class {c}").ToList();
        var document = Parse(
            Page(ReportSamples.Data(ReportSamples.Finished(ReportSamples.Scenario("ShapesAll", "both"), 0.6, classNames, 10))));
        var matrix = document.Descendants("svg").Single(e => (string?)e.Attribute("class") == "matrix");
        Assert.DoesNotContain(
            matrix.Descendants("text"), e => ((string?)e.Attribute("class"))!.StartsWith("count", StringComparison.Ordinal));
        Assert.Equal(60, matrix.Descendants("title").Count());
        Assert.Contains(matrix.Descendants("title"),
            e => e.Value.StartsWith("true class 60, predicted class 60 (", StringComparison.Ordinal));
    }

    [Fact]
    public void Few_classes_make_a_matrix_with_every_count()
    {
        var run = ReportSamples.Finished(ReportSamples.Scenario("GunPoint", "both"), 0.8, ["a", "b", "c"]);
        var matrix = Parse(Page(ReportSamples.Data(run))).Descendants("svg").Single(e => (string?)e.Attribute("class") == "matrix");
        var counts = matrix.Descendants("text").Where(e => ((string?)e.Attribute("class"))!.StartsWith("count", StringComparison.Ordinal))
            .Select(e => e.Value);
        Assert.Equal(run.Metrics!.Confusion.SelectMany(row => row).Select(c => c.ToString(CultureInfo.InvariantCulture)), counts);
    }

    [Fact]
    public void Three_hundred_runs_with_large_images_stay_below_15_MB()
    {
        var classNames = Enumerable.Range(1, 60).Select(c => $"class {c}").ToList();
        var image = new byte[12_000];
        var runs = Enumerable.Range(0, 300)
            .Select(i => ReportSamples.Finished(ReportSamples.Scenario($"Set{i % 30}", $"scenario-{i / 30}"), 0.6, classNames,
                10, _ => image)).ToArray();
        var page = Page(ReportSamples.Data(runs));
        Assert.InRange(page.Length, 2_000_000, 15_000_000);
        var document = Parse(page);
        Assert.Equal(300, document.Descendants("details").Count(e => (string?)e.Attribute("class") == "run"));
        Assert.NotEmpty(document.Descendants("img"));
        Assert.Contains("left out to keep this page small", page, StringComparison.Ordinal);
    }

    private static ReportData Ordinary() => ReportSamples.Data(
        ReportSamples.Finished(ReportSamples.Scenario("GunPoint", "both"), 0.9),
        ReportSamples.Finished(ReportSamples.Scenario("GunPoint", "text", Arm.Text), 0.8),
        ReportSamples.Finished(ReportSamples.Baseline("GunPoint", "1nn-dtw"), 0.91),
        ReportSamples.Finished(ReportSamples.Scenario("BasicMotions", "both"), 0.7, ["Standing", "Walking", "Running", "Badminton"]),
        ReportSamples.Failed(ReportSamples.Scenario("BasicMotions", "text", Arm.Text), Stage.Training, "Out of memory."));

    private static string Page(ReportData data)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        HtmlReport.Write(data, output);
        return output.ToString();
    }

    private static XDocument Parse(string page) => XDocument.Parse(page, LoadOptions.PreserveWhitespace);
}
