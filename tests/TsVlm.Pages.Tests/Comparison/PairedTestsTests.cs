using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Comparison;
using TsVlm.Pages.Tests.Report;
using TsVlm.Tests;
using static TsVlm.Evaluation.Tests.Comparison.ComparisonRows;

namespace TsVlm.Pages.Tests.Comparison;

public sealed class PairedTestsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>A baseline without seeds goes with each seed; Holm's correction counts both pairs. 12 : 0 is 2 / 2^12.</summary>
    [Fact]
    public void Runs_are_paired_by_resample_and_seed_and_a_baseline_with_each_seed()
    {
        Save(ReportSamples.Scenario("A", "both", seed: 0), first: 0, count: 8);
        Save(ReportSamples.Scenario("A", "both", seed: 1), first: 0, count: 20);
        Save(ReportSamples.Baseline("A", "1nn-ed"), first: 0, count: 20);
        var rows = File.ReadAllLines(Write([Row("A", "both", 0.4, seed: 0, numTest: 20), Row("A", "both", 1, seed: 1, numTest: 20),
            Row("A", "baseline:1nn-ed", 1, seed: 1, numTest: 20)], "paired.csv"));
        Assert.Equal(["dataset,classifier,reference,resample,seed,reference_seed,difference,right_alone,reference_right_alone,mcnemar_p,holm_p,"
            + "is_significant", $"A,both,1nn-ed,0,0,1,-0.6,0,12,{2 / 4096.0},{4 / 4096.0},yes", "A,both,1nn-ed,0,1,1,0,0,0,1,1,no"], rows);
    }

    [Fact]
    public void The_page_shows_discordant_cases_where_predictions_are_there_and_no_verdict_elsewhere()
    {
        Save(ReportSamples.Scenario("A", "both", seed: 0), first: 0, count: 8);
        Save(ReportSamples.Baseline("A", "1nn-ed"), first: 0, count: 20);
        var page = HtmlPage.Parse(File.ReadAllText(Write([Row("A", "both", 0.4, numTest: 20), Row("A", "baseline:1nn-ed", 1, seed: 1, numTest: 20),
            Row("B", "both", 0.1, numTest: 20), Row("B", "baseline:1nn-ed", 1, numTest: 20)], "compare.html")));
        Assert.Equal(["≈ −90.0 not tested", "▼ −60.0 worse 0 : 12, P 4.9e-4"], page.Texts("#failures td.verdict"));
    }

    [Fact]
    public void Runs_on_other_test_cases_have_no_test()
    {
        Save(ReportSamples.Scenario("A", "both", seed: 0), first: 0, count: 8);
        Save(ReportSamples.Baseline("A", "1nn-ed"), first: 0, count: 20, firstCase: 100);
        Assert.Single(File.ReadAllLines(Write([Row("A", "both", 0.4, numTest: 20), Row("A", "baseline:1nn-ed", 1, seed: 1, numTest: 20)],
            "paired.csv")));
    }

    public void Dispose() => folder.Dispose();

    private void Save(RunSpec run, int first, int count, int firstCase = 60)
    {
        var path = Directory.CreateDirectory(folder.File($"run/runs/{run.Id}")).FullName;
        Json.Write(Path.Combine(path, RunCard.FileName), RunCard.Of(run));
        using var output = new StreamWriter(Path.Combine(path, ArtifactFiles.Predictions));
        PredictionsCsv.Write(output, ["a", "b"], Enumerable.Range(0, 20).Select(i =>
            CasePrediction.Of(firstCase + i, 0, i >= first && i < first + count ? [1, 0] : [0, 1])));
    }

    /// <summary>Writes the comparison; returns the path of one of its files.</summary>
    private string Write(ResultRow[] rows, string file)
    {
        var comparison = RankComparison.Of(Table(rows));
        ComparisonOutput.Write(comparison, PairedTests.Of(comparison, [folder.File("run")]),
            new("Comparison", new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero), "tsvlm compare", "1"), folder.File("out"));
        return Path.Combine(folder.File("out"), file);
    }
}
