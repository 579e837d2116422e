using System.Globalization;
using TsVlm.Contracts;
using TsVlm.Experiments.Grid;
using TsVlm.Pages.Tests;
using TsVlm.Representations;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Pipeline;

public sealed class PipelineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_set_becomes_predictions_and_a_report()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await pipeline.Run(LocalPipeline.Small(LocalPipeline.MicroModel(folder)), Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));

        var results = await pipeline.WriteOutput(folder.Path, runs, Stop);
        Assert.Equal(["baseline:1nn-ed", "both"], results.Select(r => r.Run.ScenarioName));
        var lines = File.ReadAllLines(folder.File("results.csv"));
        Assert.Equal(3, lines.Length);
        AssertConfidenceIsThatOfTheResults(results);
        foreach (var run in runs)
        {
            var predictions = File.ReadAllLines(Path.Combine(folder.Path, "runs", run.Run.Id, "predictions.csv"));
            Assert.Equal("index,label,prediction,probability_cylinder,probability_bell,probability_funnel", predictions[0]);
            Assert.Equal(results[0].NumTest, predictions.Length - 1);
            Assert.True(File.Exists(Path.Combine(folder.Path, "runs", run.Run.Id, "scenario.json")));
        }
        Assert.StartsWith("step,epoch,lr,loss,validation_loss",
            File.ReadAllText(Path.Combine(folder.Path, "runs", runs[1].Run.Id, "training.csv")));
        Assert.StartsWith("CBF", HtmlPage.Read(folder.File("report.html")).One("#result-table tr.group th").Shown());
    }

    /// <summary>Every table of confidence tells of both runs, and adds up to what results.csv says.</summary>
    private void AssertConfidenceIsThatOfTheResults(IReadOnlyList<RunResult> results)
    {
        string[][] Rows(string file) => [.. File.ReadLines(folder.File(file)).Skip(1).Select(line => line.Split(','))];
        double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        var (calibration, reliability, abstention) = (Rows("calibration.csv"), Rows("reliability.csv"), Rows("abstention.csv"));
        Assert.Equal("dataset,protocol,resample,seed,scenario,model,temperature,num_validation,nll_before,ece_before,nll,ece,aurc",
            File.ReadLines(folder.File("calibration.csv")).First());
        Assert.Equal(results.Select(r => (r.Run.ScenarioName, Math.Round(r.Ece, 6))), calibration.Select(row => (row[4], Number(row[11]))));
        Assert.Equal("", calibration[0][6]);                    // a baseline has no temperature
        Assert.True(Number(calibration[1][6]) > 0);
        foreach (var result in results)
        {
            bool IsOfRun(string[] row) => row[4] == result.Run.ScenarioName;
            Assert.Equal(result.NumTest, reliability.Where(IsOfRun).Sum(row => int.Parse(row[8], CultureInfo.InvariantCulture)));
            var all = abstention.Last(IsOfRun);                 // every case answered
            Assert.Equal((1, Math.Round(result.Accuracy, 6)), (Number(all[7]), Number(all[8])));
        }
    }

    [Fact]
    public async Task A_baseline_that_draws_at_random_runs_once_for_each_seed()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var small = LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder));
        var runs = await pipeline.Run(
            small with { Seeds = [3, 5], Grid = small.Grid with { Baselines = ["1nn-ed", "minirocket", "inceptiontime:1"] } }, Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        Assert.Equal(
            [
                ("baseline:1nn-ed", 3), ("baseline:inceptiontime:1", 3), ("baseline:inceptiontime:1", 5), ("baseline:minirocket", 3),
                ("baseline:minirocket", 5),
                ("both", 3), ("both", 5),
            ],
            runs.Select(run => (run.Run.ScenarioName, run.Run.Seed)).Order());
        var results = await pipeline.WriteOutput(folder.Path, runs, Stop);
        Assert.All(results.Where(result => result.Run.Baseline == "minirocket"), result => Assert.InRange(result.Accuracy, 0.9, 1));
        // Other training series give other biases, and other weights other networks, so other probabilities.
        Assert.All(new[] { "minirocket", "inceptiontime:1" }, name => Assert.Equal(2, runs.Where(run => run.Run.Baseline == name)
            .Select(run => File.ReadAllText(Path.Combine(folder.Path, "runs", run.Run.Id, "predictions.csv"))).Distinct().Count()));
    }

    [Fact]
    public void A_grid_may_ask_for_every_baseline_there_is() => Assert.Equal(TsVlm.Baselines.Baseline.Names, BaselineNames.All);

    [Fact]
    public async Task An_artifact_gone_from_the_store_is_created_again()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var experiment = await pipeline.Launch(LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder)), Stop);
        var run = (await pipeline.Finish(experiment, Stop)).Single(run => run.Run.FineTuned is not null).Run;
        var weights = await HashOfWeights();
        foreach (var key in (ArtifactKey[])[ArtifactKeys.Samples(run), ArtifactKeys.Checkpoint(run), ArtifactKeys.Evaluation(run)])
            Lose(key);
        await pipeline.StageStates.MarkLost(ArtifactKeys.Evaluation(run), Stop);   // it misses the samples first, then the checkpoint
        var again = (await pipeline.Finish(experiment, Stop)).Single(again => again.Run.Id == run.Id);
        Assert.True(again.Succeeded, again.Failed?.Reason);
        Assert.NotNull(await pipeline.Artifacts.Find(ArtifactKeys.Evaluation(run), Stop));
        Assert.Equal(weights, await HashOfWeights());

        async Task<string> HashOfWeights() =>
            (await pipeline.Artifacts.Find(ArtifactKeys.Checkpoint(run), Stop))!.File("model/model.safetensors").Sha256;
    }

    [Fact]
    public async Task A_data_set_that_is_gone_from_the_store_fails_its_runs_with_the_reason()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var experiment = await pipeline.Launch(LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder)), Stop);
        var run = (await pipeline.Finish(experiment, Stop)).Single(run => run.Run.Baseline is not null).Run;
        Lose(ArtifactKeys.Dataset(run.Dataset));
        Lose(ArtifactKeys.Evaluation(run));
        await pipeline.StageStates.MarkLost(ArtifactKeys.Evaluation(run), Stop);
        var failed = (await pipeline.Finish(experiment, Stop)).Single(failed => failed.Run.Id == run.Id).Failed;
        Assert.Contains("expected a complete artifact, found no manifest.json", failed?.Reason);
    }

    private void Lose(ArtifactKey key) => Directory.Delete(Path.Combine(folder.Path, "artifacts", key.Path), recursive: true);

    [Fact]
    public async Task The_accuracy_in_results_is_that_of_the_predictions()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await pipeline.Run(LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder)), Stop);
        var results = await pipeline.WriteOutput(folder.Path, runs, Stop);
        foreach (var result in results)
        {
            var rows = File.ReadLines(Path.Combine(folder.Path, "runs", result.Run.Id, "predictions.csv")).Skip(1).Select(l => l.Split(','))
                .ToList();
            Assert.Equal(result.Accuracy, rows.Average(r => r[1] == r[2] ? 1.0 : 0.0), 1e-9);
            Assert.All(rows, r =>
                Assert.Equal(1, r.Skip(3).Sum(p => double.Parse(p, System.Globalization.CultureInfo.InvariantCulture)), 1e-4));
        }
    }

    [Fact]
    public async Task The_same_experiment_again_does_no_work_again()
    {
        var request = LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder));
        await using (var first = await LocalPipeline.Start(folder.Path, Stop))
        {
            await first.Run(request, Stop);
            Assert.Equal(4, first.Stages.Count);
        }
        await using var second = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await second.Run(request, Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded));
        Assert.Equal(0, second.Stages.Count);
    }

    [Fact]
    public async Task A_deleted_artifact_is_made_again_and_only_that_one()
    {
        var request = LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder));
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var before = await pipeline.Run(request, Stop);
        Directory.Delete(Path.Combine(folder.Path, "artifacts", ArtifactKeys.Evaluation(before[1].Run).Path), recursive: true);
        var after = await pipeline.Run(request, Stop);
        Assert.All(after, run => Assert.True(run.Succeeded));
        Assert.Equal(5, pipeline.Stages.Count);
    }

    [Fact]
    public async Task Two_fresh_folders_give_the_same_samples_weights_and_predictions_byte_for_byte()
    {
        var model = LocalPipeline.MicroModel(folder);
        var hashes = new List<string>();
        foreach (var name in (string[])["one", "two"])
        {
            await using var pipeline = await LocalPipeline.Start(Directory.CreateDirectory(folder.File(name)).FullName, Stop);
            var run = (await pipeline.Run(LocalPipeline.Smallest(folder, model), Stop))[1].Run;
            foreach (var key in (ArtifactKey[])[ArtifactKeys.Samples(run), ArtifactKeys.Checkpoint(run), ArtifactKeys.Evaluation(run)])
            {
                var manifest = await pipeline.Artifacts.Find(key, Stop);
                var files = manifest!.Files.Where(f => !f.Name.EndsWith(".json", StringComparison.Ordinal))
                    .Select(f => $"{f.Name} {f.Sha256}");
                hashes.Add(string.Join("\n", files));
            }
        }
        Assert.Contains("model/model.safetensors", hashes[1]);
        Assert.Contains("train-", hashes[0]);
        Assert.Equal(hashes[..3], hashes[3..]);
    }

    [Fact]
    public async Task A_run_that_fails_leaves_the_others_alone_and_says_why()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var tooLong = """, { "name": "too long", "representation": { "downsampling": "none", "contextLength": 100 } }""";
        var runs = await pipeline.Run(LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder), tooLong), Stop);
        Assert.Equal([true, true, false], runs.Select(r => r.Succeeded));
        Assert.Equal(Stage.Datagen, runs[2].Failed!.Stage);
        Assert.Contains("100", runs[2].Failed!.Reason);

        var results = await pipeline.WriteOutput(folder.Path, runs, Stop);
        Assert.Equal(2, results.Count);
        Assert.Equal("too long", HtmlPage.Read(folder.File("report.html")).One("#result-table tr.failed th").Shown());
    }

    [Fact]
    public async Task A_training_that_cannot_fit_is_refused_before_it_starts_with_what_to_change()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await pipeline.Run(LocalPipeline.Smallest(folder, LocalPipeline.OversizedModel(folder)), Stop);
        var failed = runs[1].Failed;
        Assert.Equal(Stage.Training, failed!.Stage);
        Assert.Matches(@"^Device \S+: expected a training that fits the \S+ GB available, found \S+ GB: weights \S+ GB", failed.Reason);
        Assert.Contains("recipe.gradientCheckpointing", failed.Reason);
        Assert.True(runs[0].Succeeded);
    }

    [Fact]
    public async Task Work_cut_short_is_taken_up_by_the_next_process_with_the_same_result()
    {
        var model = LocalPipeline.MicroModel(folder);
        var request = LocalPipeline.Small(model, """, { "name": "image", "representation": { "arm": "image" } }""");
        var undisturbed = Directory.CreateDirectory(folder.File("undisturbed")).FullName;
        await using (var pipeline = await LocalPipeline.Start(undisturbed, Stop))
            await pipeline.WriteOutput(undisturbed, await pipeline.Run(request, Stop), Stop);

        var disturbed = Directory.CreateDirectory(folder.File("disturbed")).FullName;
        for (var delay = 50; delay < 2000; delay *= 2)
        {
            await using var cut = await LocalPipeline.Start(disturbed, Stop);
            await cut.Launch(request, Stop);
            await Task.Delay(delay, Stop);
        }
        await using var last = await LocalPipeline.Start(disturbed, Stop);
        var runs = await last.Run(request, Stop);
        await last.WriteOutput(disturbed, runs, Stop);
        foreach (var run in runs)
        {
            var file = Path.Combine("runs", run.Run.Id, "predictions.csv");
            Assert.Equal(File.ReadAllText(Path.Combine(undisturbed, file)), File.ReadAllText(Path.Combine(disturbed, file)));
        }
    }

    [Fact]
    public async Task An_experiment_with_an_unreadable_data_set_does_not_start()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var request = LocalPipeline.Small(LocalPipeline.MicroModel(folder)) with { Datasets = ["CBF", "NoSuchSet", "NorThis"] };
        var error = await Assert.ThrowsAsync<TsVlm.Data.DataException>(() => pipeline.Launch(request, Stop));
        Assert.Contains("NoSuchSet", error.Message);
        Assert.Contains("NorThis", error.Message);
        Assert.Empty(await pipeline.Ready.Next(100, Stop));
    }

    [Fact]
    public async Task No_run_starts_on_a_model_without_weights_unless_every_scenario_is_trained_from_scratch()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var model = LocalPipeline.MicroModel(folder);
        File.Delete(Path.Combine(model, "model.safetensors"));
        var error = await Assert.ThrowsAsync<RepresentationException>(() => pipeline.Launch(LocalPipeline.Small(model), Stop));
        Assert.StartsWith($"{model}: expected the weights of the model", error.Message, StringComparison.Ordinal);
        Assert.Empty(await pipeline.Ready.Next(100, Stop));
        var scratch = ScenarioGrid.Parse(
            """{ "name": "scratch", "scenarios": [ { "name": "drawn", "recipe": { "fromScratch": true } } ] }""", "test");
        Assert.Single((await pipeline.Launch(LocalPipeline.Small(model) with { Grid = scratch }, Stop)).Runs);
    }

    [Fact]
    public async Task The_warnings_of_a_baseline_are_in_the_report()
    {
        var data = Directory.CreateDirectory(folder.File("data")).FullName;
        string Rows(int first) =>
            "t0,t1,t2,label\n" + string.Concat(Enumerable.Range(first, 6)
                .Select(i => i % 2 == 0 ? $"1e-6,{i}e-6,3e-6,up\n" : $"3e-6,{i}e-6,1e-6,down\n"));
        File.WriteAllText(Path.Combine(data, "Small_TRAIN.csv"), Rows(0));
        File.WriteAllText(Path.Combine(data, "Small_TEST.csv"), Rows(6));
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var grid = ScenarioGrid.Parse(
            """{ "name": "g", "baselines": ["inceptiontime:1"], "scenarios": [ { "name": "drawn", "recipe": { "epochs": 0 } } ] }""",
            "test");
        var request = LocalPipeline.Small(LocalPipeline.MicroModel(folder)) with { DataDirectory = data, Datasets = ["Small"],
            Grid = grid };
        await pipeline.WriteOutput(folder.File("output"), await pipeline.Run(request, Stop), Stop);
        Assert.Contains("InceptionTime does not scale values: one channel has a standard deviation below 0.01",
            File.ReadAllText(folder.File("output/report.html")));
    }

    public void Dispose() => folder.Dispose();
}
