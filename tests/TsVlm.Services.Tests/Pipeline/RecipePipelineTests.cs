using TsVlm.Contracts;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Pipeline;

/// <summary>Each way to train a model and to read classes from it, through all stages in one process.</summary>
public sealed class RecipePipelineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_in_bfloat16_train_all_weights_or_an_adapter_and_are_evaluated()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await pipeline.Run(LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder), """
            , { "name": "narrow", "recipe": { "precision": "bfloat16" } }
            , { "name": "adapter", "recipe": { "precision": "bfloat16", "trained": "lora", "lora": { "rank": 4, "alpha": 8 } } }
            """), Stop);
        Assert.Equal(4, runs.Count);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        await pipeline.WriteOutput(folder.Path, runs, Stop);
        var losses = runs.Where(run => run.Run.FineTuned is not null).ToDictionary(run => run.Run.ScenarioName, run => FirstLoss(run.Run));
        Assert.NotEqual(losses["both"], losses["narrow"]);
        Assert.InRange(losses["narrow"], losses["both"] * 0.99, losses["both"] * 1.01);

        double FirstLoss(RunSpec run) => double.Parse(
            File.ReadLines(Path.Combine(folder.Path, "runs", run.Id, "training.csv")).ElementAt(1)
            .Split(',')[3], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Zero_epochs_evaluate_the_model_as_it_is()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var untrained = """, { "name": "untrained", "recipe": { "epochs": 0 } }""";
        var runs = await pipeline.Run(LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder), untrained), Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        var results = await pipeline.WriteOutput(folder.Path, runs, Stop);
        Assert.Equal(results[0].NumTest,
            File.ReadAllLines(Path.Combine(folder.Path, "runs", runs[2].Run.Id, "predictions.csv")).Length - 1);
        Assert.Equal("step,epoch,lr,loss,validation_loss,part\n",
            File.ReadAllText(Path.Combine(folder.Path, "runs", runs[2].Run.Id, "training.csv")));
    }

    [Fact]
    public async Task Probes_read_classes_from_a_model_that_is_left_as_it_is_or_tuned_with_them()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var probes = """
            , { "name": "tower", "representation": { "arm": "image", "image": "zoom-mosaic" }, "recipe": { "readOut": "tower-probe", "epochs": 0 } }
            , { "name": "answer", "recipe": { "readOut": "answer-probe", "epochs": 0 } }
            , { "name": "tuned", "recipe": { "readOut": "answer-probe", "epochs": 1, "learningRate": 1e-4, "labelSmoothing": 0.05 } }
            , { "name": "guarded", "recipe": { "readOut": "answer-probe", "epochs": 1, "learningRate": 0.9, "guard": true } }
            """;
        var runs = await pipeline.Run(LocalPipeline.Small(LocalPipeline.MicroModel(folder), probes), Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        var results = await pipeline.WriteOutput(folder.Path, runs, Stop);
        double Accuracy(string scenario) => results.Single(row => row.Run.ScenarioName == scenario).Accuracy;
        string Checkpoint(string scenario) =>
            Path.Combine(folder.Path, "artifacts", ArtifactKeys.Checkpoint(runs.Single(run => run.Run.ScenarioName == scenario).Run).Path);
        string[] Files(string scenario) =>
            [.. Directory.GetFiles(Checkpoint(scenario), "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)!)];

        Assert.True(Accuracy("tower") > 0.8, $"{Accuracy("tower")}");   // three classes, random weights
        Assert.True(Accuracy("answer") > 0.6, $"{Accuracy("answer")}");
        Assert.Contains("probe.safetensors", Files("tower"));
        Assert.DoesNotContain("model.safetensors", Files("tower"));   // nothing changed, so nothing is kept twice
        Assert.Contains("model.safetensors", Files("tuned"));
        // A ruinous learning rate is not kept, and the probe is then fitted on the validation cases too.
        Assert.Equal(Accuracy("answer"), Accuracy("guarded"));
        Assert.DoesNotContain("model.safetensors", Files("guarded"));
    }

    [Fact]
    public async Task Answers_start_from_a_fitted_output_layer_and_a_guard_keeps_it_where_tuning_does_harm()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var recipes = """
            , { "name": "fitted", "recipe": { "fitOutputLayer": true, "trained": "full", "learningRate": 0, "projectorLearningRate": 0 } }
            , { "name": "harmed", "recipe": { "fitOutputLayer": true, "trained": "full", "learningRate": 0.5, "projectorLearningRate": 0.5 } }
            , { "name": "guarded", "recipe": { "fitOutputLayer": true, "trained": "full", "learningRate": 0.5, "projectorLearningRate": 0.5, "guard": true } }
            """;
        var runs = await pipeline.Run(LocalPipeline.Small(LocalPipeline.MicroModel(folder), recipes), Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        var accuracy = (await pipeline.WriteOutput(folder.Path, runs, Stop)).ToDictionary(result => result.Run.ScenarioName,
            result => result.Accuracy);
        Assert.True(accuracy["fitted"] > 0.45, $"{accuracy["fitted"]}");   // three classes, random weights
        Assert.True(accuracy["guarded"] > 0.45, $"{accuracy["guarded"]}");
        Assert.True(accuracy["harmed"] < 0.4, $"{accuracy["harmed"]}");
    }

    [Fact]
    public async Task Every_recipe_takes_a_folder_that_Hugging_Face_wrote()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var recipes = """
            , { "name": "zero-shot", "recipe": { "epochs": 0 } }
            , { "name": "lora", "recipe": { "trained": "lora" } }
            , { "name": "scratch", "recipe": { "fromScratch": true } }
            , { "name": "tower-probe", "recipe": { "readOut": "tower-probe", "epochs": 0 } }
            , { "name": "answer-probe", "recipe": { "readOut": "answer-probe", "epochs": 0 } }
            , { "name": "lp-ft", "recipe": { "readOut": "answer-probe", "trained": "lora", "guard": true } }
            """;
        var request = LocalPipeline.Smallest(folder, TestFolders.Fixture("llava-tiny"), recipes);
        var runs = await pipeline.Run(request, Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        var accuracy = (await pipeline.WriteOutput(folder.Path, runs, Stop)).ToDictionary(result => result.Run.ScenarioName,
            result => result.Accuracy);
        // Its weights are random: only what learns from a pass over the whole training split at once can know much of the classes.
        Assert.True(accuracy["tower-probe"] > 0.5, $"{accuracy["tower-probe"]}");
        Assert.True(accuracy["answer-probe"] > 0.5, $"{accuracy["answer-probe"]}");
    }

    [Fact]
    public async Task From_scratch_the_weights_of_the_folder_do_not_matter()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var scratch = """, { "name": "scratch", "recipe": { "fromScratch": true } }""";
        var runs = await pipeline.Run(LocalPipeline.Smallest(folder, LocalPipeline.PoisonedModel(folder), scratch), Stop);
        Assert.NotNull(runs[1].Failed);
        Assert.True(runs[2].Succeeded, runs[2].Failed?.Reason);
    }

    [Fact]
    public async Task A_loss_that_is_not_finite_fails_the_run_with_step_and_cases()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await pipeline.Run(LocalPipeline.Smallest(folder, LocalPipeline.PoisonedModel(folder)), Stop);
        var failed = runs[1].Failed;
        Assert.Equal(Stage.Training, failed!.Stage);
        Assert.Matches(@"^Step 0 \(epoch 0\.\d+\), cases (\d+(, )?)+: expected a finite loss, found NaN", failed.Reason);
    }

    public void Dispose() => folder.Dispose();
}
