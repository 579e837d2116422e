using System.Globalization;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Data.Readers;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Results;
using TsVlm.Experiments.Grid;
using TsVlm.Pages.Tests;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Samples;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Pipeline;

public sealed class RationalePipelineTests : IDisposable
{
    private const string Scenarios = """
        , { "name": "answer-first", "representation": { "rationale": { "maxTokens": 32 } }, "recipe": { "rationaleWeight": 0.3, "rationaleDropout": 0.5 } }
        , { "name": "rationale-first", "representation": { "rationale": { "order": "rationale-first", "maxTokens": 32 } } }
        """;

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scenarios_with_rationales_are_trained_validated_evaluated_and_reported()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await pipeline.Run(LocalPipeline.Small(LocalPipeline.MicroModel(folder), Scenarios), Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        await pipeline.WriteOutput(folder.Path, runs, Stop);
        var byName = runs.ToDictionary(run => run.Run.ScenarioName, run => run.Run);
        foreach (var name in (string[])["both", "answer-first", "rationale-first"]) Assert.InRange(ValidationLoss(byName[name]), 0.01, 20);

        // Where the rationale comes first it is written at the test, and exchanged.
        var written = CsvTable.Read(RunFile(byName["rationale-first"], "rationales.csv"), "index", "prediction", "rationale");
        Assert.Equal(CsvTable.Read(RunFile(byName["rationale-first"], "predictions.csv"), "index").Count, written.Count);
        Assert.False(File.Exists(RunFile(byName["answer-first"], "rationales.csv")));
        Assert.NotNull((await Metrics(pipeline, byName["rationale-first"])).RationaleSwap);
        Assert.Null((await Metrics(pipeline, byName["answer-first"])).RationaleSwap);
        var report = HtmlPage.Read(folder.File("report.html"));
        Assert.Equal("Rationales", report.One("nav a[href='#rationales']").Shown());
        Assert.Equal(["no rationale", "answer first", "rationale first"], report.Rows("section#rationales tbody tr:not(.group)")
            .Select(cells => cells[1]));
    }

    [Fact]
    public async Task A_file_of_rationales_is_kept_with_the_run_that_learns_from_it()
    {
        var dataset = BuiltInDatasets.Generate("CBF");
        var split = Splitter.Split(dataset, "official", 0);
        var file = new RationaleFile([.. split.Train.Skip(1)
            .Select(i => new WrittenRationale("CBF", i, dataset.Cases[i].Label, $"case {i} rises", i % 2 == 0))]);
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var request = LocalPipeline.Small(LocalPipeline.MicroModel(folder), Scenarios) with { Rationales = file };
        var runs = await pipeline.Run(request, Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        var first = runs.Single(run => run.Run.ScenarioName == "answer-first").Run;
        Assert.Equal(file.Hash, first.FineTuned!.Scenario.Representation.Rationale!.Source);
        Assert.Contains(ArtifactKeys.Rationales(first), RunCard.Of(first).Artifacts);
        Assert.Equal(file.Text,
            File.ReadAllText(Path.Combine(await pipeline.Artifacts.Fetch(ArtifactKeys.Rationales(first)!, Stop), "rationales.csv")));
        var samples = SampleShards.Read(await pipeline.Artifacts.Fetch(ArtifactKeys.Samples(first), Stop), SplitNames.Train).ToList();
        Assert.Equal("", samples[0].Rationale);
        Assert.All(samples.Skip(1), sample => Assert.Equal(sample.Case % 2 == 0 ? $"case {sample.Case} rises" : "", sample.Rationale));
        // The scenario without rationales is the same run with the file and without it.
        var without = await pipeline.Launch(request with { Rationales = null }, Stop);
        Assert.Contains(runs.Single(run => run.Run.ScenarioName == "both").Run.Id, without.Runs.Select(run => run.Id));
    }

    [Fact]
    public async Task A_file_of_another_split_or_without_scenarios_for_it_starts_nothing()
    {
        var dataset = BuiltInDatasets.Generate("CBF");
        var test = Splitter.Split(dataset, "official", 0).Test[0];
        var file = new RationaleFile([new("CBF", test, dataset.Cases[test].Label, "it rises", true)]);
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var request = LocalPipeline.Small(LocalPipeline.MicroModel(folder), Scenarios) with { Rationales = file };
        var error = await Assert.ThrowsAsync<DataException>(() => pipeline.Launch(request, Stop));
        Assert.Contains($"found case {test}, which is not", error.Message);
        var grid = await Assert.ThrowsAsync<GridException>(() =>
            pipeline.Launch(LocalPipeline.Small(request.Model) with { Rationales = file }, Stop));
        Assert.Contains("representation.rationale", grid.Message);
    }

    public void Dispose() => folder.Dispose();

    private string RunFile(RunSpec run, string name) => Path.Combine(folder.Path, "runs", run.Id, name);

    private double ValidationLoss(RunSpec run) => double.Parse(
        File.ReadLines(RunFile(run, "training.csv")).Skip(1).Select(line => line.Split(',')[4])
        .Last(loss => loss.Length > 0), CultureInfo.InvariantCulture);

    private static async Task<TestMetrics> Metrics(LocalPipeline pipeline, RunSpec run) =>
        Json.Read<TestMetrics>(Path.Combine(await pipeline.Artifacts.Fetch(ArtifactKeys.Evaluation(run), Stop), ArtifactFiles.Metrics));
}
