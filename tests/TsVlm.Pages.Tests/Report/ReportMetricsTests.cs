using System.Globalization;
using System.Xml.Linq;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Tests.Report;

public class ReportMetricsTests
{
    [Fact]
    public void Every_number_of_the_result_table_is_the_run_s()
    {
        var run = WithFigures("both", accuracy: 0.91251, auroc: 0.97449, nll: 12.3456, ece: 0.0994);
        Assert.Equal(["0.913", "0.802", "0.703", "0.974", "12.346", "0.099", "123", "4.6", "16.3", "12,345"], Row(Document(run), "both"));
    }

    [Fact]
    public void An_undefined_or_infinite_metric_is_shown_as_such()
    {
        var row = Row(Document(WithFigures("both", auroc: double.NaN, nll: double.PositiveInfinity)), "both");
        Assert.Equal("–", row[3]);
        Assert.Equal("∞", row[4]);
    }

    [Fact]
    public void The_best_is_marked_on_each_data_set_and_ties_as_shown_are_all_marked()
    {
        var document = Document(
            WithFigures("a", accuracy: 0.9001, nll: 0.4, ece: 0.10),
            WithFigures("b", accuracy: 0.9004, nll: 0.3, ece: 0.20),
            WithFigures("c", accuracy: 0.8, nll: 0.5, ece: 0.05));
        Assert.Equal(["★ 0.900", "★ 0.900", "0.800"], new[] { "a", "b", "c" }.Select(s => Row(document, s)[0]));
        Assert.Equal(["0.400", "★ 0.300", "0.500"], new[] { "a", "b", "c" }.Select(s => Row(document, s)[4]));
        Assert.Equal(["0.100", "0.200", "★ 0.050"], new[] { "a", "b", "c" }.Select(s => Row(document, s)[5]));
    }

    [Fact]
    public void A_metric_that_is_not_defined_is_never_the_best()
    {
        var document = Document(WithFigures("a", auroc: double.NaN), WithFigures("b", auroc: 0.6), WithFigures("c", auroc: 0.7));
        Assert.Equal(["–", "0.600", "★ 0.700"], new[] { "a", "b", "c" }.Select(s => Row(document, s)[3]));
    }

    [Fact]
    public void A_single_result_is_not_marked_as_best() =>
        Assert.DoesNotContain("★", string.Concat(Row(Document(WithFigures("only")), "only")), StringComparison.Ordinal);

    [Fact]
    public void The_majority_class_stands_below_the_runs_of_its_data_set() =>
        Assert.Equal("0.500", Row(Document(WithFigures("both")), "majority class")[0]);

    [Fact]
    public void A_scenario_that_lacks_a_data_set_has_no_mean()
    {
        var means = Document(
                WithFigures("a", accuracy: 0.8), WithFigures("a", accuracy: 0.6, dataset: "Coffee"),
                WithFigures("b", accuracy: 0.9),
                ReportSamples.Failed(ReportSamples.Scenario("Coffee", "b"), Stage.Training, "Out of memory."))
            .Descendants("section").Single(e => (string?)e.Attribute("id") == "results").Descendants("table").First().Descendants("tr")
            .ToList();
        Assert.Equal("0.700", means.Single(r => Name(r) == "a").Elements("td").First().Value);
        Assert.Equal("no mean: finished on 1 of 2 data sets", means.Single(r => Name(r) == "b").Elements("td").Single().Value);
    }

    /// <summary>
    /// 90 and 84 of 100: six points of independent runs are nothing, but here six cases are right with the image alone and none without,
    /// P = 2 / 2^6. 62 and 48: fourteen points of independent runs are significant, but 52 cases stand against 38, P = 0.170.
    /// </summary>
    [Fact]
    public void Runs_are_judged_by_the_cases_that_one_of_them_alone_has_right()
    {
        var document = Document(
            WithRight("both", Arm.Both, 0, 90), WithRight("text", Arm.Text, 0, 84),
            WithRight("image", Arm.Image, 0, 62), WithRight("shuffled", Arm.ShuffledImage, 52, 48));
        Assert.Equal(["1", "+6.0", "1", "0", "0", "6 : 0", "0.031"], Arms(document, "image and text against text only"));
        Assert.Equal(["1", "+14.0", "0", "1", "0", "52 : 38", "0.170"], Arms(document, "image only against shuffled image"));
    }

    /// <summary>Three seeds with six cases against none each: 3 * 2 / 2^6 is above 0.05. The mean difference does not change.</summary>
    [Fact]
    public void Seeds_of_one_split_are_corrected_as_several_tests()
    {
        var runs = Enumerable.Range(1, 3).SelectMany(seed => (ReportRun[])
            [WithRight("both", Arm.Both, 0, 90, seed), WithRight("text", Arm.Text, 0, 84, seed)]);
        Assert.Equal(["3", "+6.0", "0", "3", "0", "18 : 0", "0.094"], Arms(Document([.. runs]), "image and text against text only"));
    }

    /// <summary>
    /// All 50 of the first class and 40 of 50 of the second are right. Both classes are most frequent; always answering the second has the
    /// larger P: 50 cases that it has wrong, and 10 that the scenario has wrong.
    /// </summary>
    [Fact]
    public void The_best_scenario_is_tested_against_the_best_baseline_and_the_majority_class()
    {
        var baseline = WithRight("1nn-dtw", Arm.Both, 0, 84) with { Run = ReportSamples.Baseline("GunPoint", "1nn-dtw") };
        var document = Document(WithRight("both", Arm.Both, 0, 90), baseline with { Result = baseline.Result! with { Run = baseline.Run } });
        Assert.Equal(["▲ +40.0 better 50 : 10, P 1.6e-7", "▲ +6.0 better 6 : 0, P 0.031"],
            HtmlPage.Parse(document.ToString()).Texts("#summary td.verdict"));
    }

    [Fact]
    public void Equal_means_over_seeds_share_their_rank()
    {
        ReportRun[] runs = [.. from dataset in (string[])["A", "B"]
            from run in (ReportRun[])
            [
                WithFigures("a", accuracy: 0.1, dataset: dataset, seed: 1), WithFigures("a", accuracy: 0.2, dataset: dataset, seed: 2),
                WithFigures("a", accuracy: 0.3, dataset: dataset, seed: 3), WithFigures("b", accuracy: 0.3, dataset: dataset, seed: 1),
                WithFigures("b", accuracy: 0.2, dataset: dataset, seed: 2), WithFigures("b", accuracy: 0.1, dataset: dataset, seed: 3),
            ] select run];
        var means = Document(runs).Descendants("section").Single(e => (string?)e.Attribute("id") == "results").Descendants("table").First();
        Assert.Equal(["1.50", "1.50"], means.Descendants("tr").Skip(1).Select(row => row.Elements("td").ElementAt(6).Value));
    }

    [Fact]
    public void Runs_that_differ_in_more_than_the_arm_are_not_paired()
    {
        var document = Document(
            WithFigures("both", accuracy: 0.9),
            WithFigures("text", Arm.Text, accuracy: 0.5, seed: 2),
            WithFigures("stats", Arm.Text, accuracy: 0.5, text: TextKind.WithStats));
        Assert.Contains("No two finished runs differ in the image alone", Summary(document).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blank_image_without_text_beyond_the_majority_class_raises_an_alarm()
    {
        var leak = Document(WithRight("control", Arm.BlankImage, 0, 90, text: TextKind.None));
        var sound = Document(WithRight("control", Arm.BlankImage, 0, 50, text: TextKind.None));
        Assert.Contains("Control failed", Summary(leak).Value, StringComparison.Ordinal);
        Assert.Contains("never significantly better than the majority class (1 run)", Summary(sound).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_whiskers_are_Wilson_s_interval()
    {
        // The roots p of (0.9 - p)^2 = 1.96^2 p (1 - p) / 100 are 0.8256 and 0.9448.
        var chart = Document(WithFigures("both", accuracy: 0.9)).Descendants("section")
            .Single(e => (string?)e.Attribute("id") == "accuracy");
        Assert.Contains(chart.Descendants("title"), t => t.Value == "both: 0.900, 95% interval 0.826 to 0.945");
    }

    [Fact]
    public void The_lowest_validation_loss_is_ringed()
    {
        var run = WithFigures("both") with
        {
            TrainingLog = [new(1, 1, 1e-4, 2, 0.9), new(2, 2, 1e-4, 1, 0.4), new(3, 3, 1e-4, 0.5, 0.6)],
        };
        var panel = Document(run).Descendants("section").Single(e => (string?)e.Attribute("id") == "learning");
        Assert.Equal(
            ["epoch 2, step 2: validation loss 0.400, the lowest"],
            panel.Descendants("title").Select(t => t.Value).Where(t => t.Contains("lowest", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_loss_of_a_refit_has_a_curve_of_its_own_and_no_part_in_the_training_s()
    {
        var selected = new TrainingLogRow[] { new(0, 1, 1e-4, 2, 0.9), new(1, 2, 1e-4, 1, 0.4) };
        var plain = WithFigures("both") with { TrainingLog = selected };
        var refitted = plain with
        {
            TrainingLog = [.. selected, .. Enumerable.Range(0, 3).Select(step => new TrainingLogRow(step, step + 1, 1e-4, 0.5, null) { IsRefit = true })],
        };
        string[] Titles(ReportRun run) => [.. Document(run).Descendants("section").Single(e => (string?)e.Attribute("id") == "learning")
            .Descendants("path").Elements("title").Select(title => title.Value)];
        Assert.Equal(["training loss, last 1.000"], Titles(plain));
        Assert.Equal(["training loss, last 1.000", "loss of the refit, 3 epochs, last 0.500"], Titles(refitted));
        Assert.Contains("refit on training and validation cases", Document(refitted).Root!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("refit on training", Document(plain).Root!.Value, StringComparison.Ordinal);
    }

    private static ReportRun WithFigures(
        string name, Arm arm = Arm.Both, double accuracy = 0.8, double auroc = 0.9, double nll = 0.5, double ece = 0.1,
        string dataset = "GunPoint", int seed = 1, TextKind text = TextKind.Baseline)
    {
        var run = ReportSamples.Finished(ReportSamples.Scenario(dataset, name, arm, text, seed), 0.8);
        return run with
        {
            Result = run.Result! with
            {
                NumTest = 100,
                Accuracy = accuracy,
                BalancedAccuracy = 0.802,
                MacroF1 = 0.703,
                Auroc = auroc,
                Nll = nll,
                Ece = ece,
                TrainSeconds = 123.4,
                EvalSeconds = 4.56,
                TrainSamplesPerSecond = 16.27,
                PeakRssMb = 12345.4,
            },
        };
    }

    /// <summary>A run with so many of 100 cases right from the first of them on; 50 cases are of each of two classes.</summary>
    private static ReportRun WithRight(string name, Arm arm, int first, int count, int seed = 1, TextKind text = TextKind.Baseline)
    {
        var isRight = Enumerable.Range(0, 100).Select(i => i >= first && i < first + count).ToList();
        var run = WithFigures(name, arm, accuracy: count / 100.0, seed: seed, text: text);
        var (a, b) = (isRight.Take(50).Count(right => right), isRight.Skip(50).Count(right => right));
        return run with
        {
            Outcomes = new([.. Enumerable.Range(60, 100)], isRight),
            Metrics = run.Metrics! with { Confusion = [[a, 50 - a], [50 - b, b]] },
        };
    }

    private static string[] Arms(XDocument document, string name) =>
        Numbers(Summary(document).Descendants("tr").Single(row => Name(row) == name));

    private static XDocument Document(params ReportRun[] runs)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        HtmlReport.Write(ReportSamples.Data(runs), output);
        return XDocument.Parse(output.ToString());
    }

    private static XElement Summary(XDocument document) =>
        document.Descendants("section").Single(e => (string?)e.Attribute("id") == "summary");

    private static string Name(XElement row) => row.Elements("th").FirstOrDefault()?.Value.Trim() ?? "";

    private static string[] Numbers(XElement row) =>
        [.. row.Elements("td").Where(c => (string?)c.Attribute("class") == "n").Select(c => c.Value)];

    private static string[] Row(XDocument document, string name) =>
    [
        .. document.Descendants("table").Single(t => (string?)t.Attribute("id") == "result-table")
            .Descendants("tr").Single(r => Name(r) == name).Elements("td").Select(c => c.Value),
    ];
}
