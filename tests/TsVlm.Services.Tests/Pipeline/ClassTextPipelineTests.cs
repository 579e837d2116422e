using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Evaluator;
using TsVlm.Pages.Tests;
using TsVlm.Representations.Samples;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;

namespace TsVlm.Services.Tests.Pipeline;

/// <summary>A data set whose labels are codes with texts, answered in these and in the model's own words.</summary>
public sealed class ClassTextPipelineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_is_asked_for_texts_and_predicts_the_labels_that_they_stand_for()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var texts = """
            , { "name": "words", "representation": { "answers": "text" }, "recipe": { "epochs": 2, "microBatchSize": 4, "trained": "projector-and-language-model" } }
            , { "name": "tower", "representation": { "answers": "text", "arm": "image" }, "recipe": { "readOut": "tower-probe", "epochs": 0 } }
            """;
        var small = LocalPipeline.Small("tiny", texts);
        var request = small with
        {
            Datasets = ["Coded"], DataDirectory = LocalPipeline.SmallData(folder, "Coded", isCoded: true),
            Grid = small.Grid with { Scenarios = [.. small.Grid.Scenarios.Skip(1)] },
        };
        var runs = await pipeline.Run(request, Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        await pipeline.WriteOutput(folder.Path, runs, Stop);
        var run = runs.Single(run => run.Run.ScenarioName == "words").Run;

        Assert.Equal("index,label,prediction,probability_1,probability_2,probability_3",
            File.ReadLines(Path.Combine(folder.Path, "runs", run.Id, "predictions.csv")).First());
        var test = SampleShards.Read(await pipeline.Artifacts.Fetch(ArtifactKeys.Samples(run), Stop), SplitNames.Test).ToList();
        Assert.All(test, sample =>
            Assert.Contains("Options: a flat part, a slow rise, a slow fall. Answer with the class.", sample.Input.Prompt));
        Assert.Equal(["a flat part", "a slow fall", "a slow rise"], test.Select(sample => sample.Answer).Distinct().Order());

        // Asked one by one, the model says what it said in the evaluation.
        using var classifier = Classifier.Open(await pipeline.Artifacts.Fetch(ArtifactKeys.Checkpoint(run), Stop), ComputeDevice.Cpu, 1);
        var said = test.Select(sample => classifier.Generate(sample.Input)).ToList();
        var words = Metrics(await pipeline.Artifacts.Fetch(ArtifactKeys.Evaluation(run), Stop)).GeneratedAnswers!;
        Assert.Equal((LocalPipeline.NumSmallTest, said.Count(classifier.Samples.Answers.Contains)), (words.NumCases, words.NumValid));
        Assert.Equal(said.Zip(test).Average(pair => pair.First == pair.Second.Answer ? 1.0 : 0), words.Accuracy, 1e-12);
        Assert.True(words.NumValid > 0);
        var shown = HtmlPage.Read(folder.File("report.html")).One($"[id='run-{run.Id}'] .words").Shown();
        Assert.Contains($" {words.NumValid} of {words.NumCases} test cases ", shown);
        Assert.EndsWith(FormattableString.Invariant($" {words.Accuracy:0.000}."), shown);

        // A probe answers nothing, and a baseline has no words.
        foreach (var silent in runs.Where(silent => silent.Run.ScenarioName is "tower" or "baseline:1nn-ed"))
            Assert.Null(Metrics(await pipeline.Artifacts.Fetch(ArtifactKeys.Evaluation(silent.Run), Stop)).GeneratedAnswers);
    }

    [Fact]
    public async Task No_more_than_a_hundred_cases_are_asked()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await pipeline.Run(LocalPipeline.Small(LocalPipeline.MicroModel(folder)), Stop);
        var run = runs.Single(run => run.Run.FineTuned is not null).Run;
        Assert.Equal(GeneratedAnswers.MaxCases,
            Metrics(await pipeline.Artifacts.Fetch(ArtifactKeys.Evaluation(run), Stop)).GeneratedAnswers!.NumCases);
    }

    [Fact]
    public async Task A_data_set_without_texts_fails_with_what_to_do()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var runs = await pipeline.Run(
            LocalPipeline.Smallest(folder, LocalPipeline.MicroModel(folder), """, { "name": "words", "representation": { "answers": "text" } }"""),
            Stop);
        var failed = runs.Single(run => run.Run.ScenarioName == "words").Failed;
        Assert.Equal(Stage.Datagen, failed!.Stage);
        Assert.Contains("put NAME_LABELS.csv with the columns label,text beside its files", failed.Reason);
    }

    private static TestMetrics Metrics(string folder) => Json.Read<TestMetrics>(Path.Combine(folder, ArtifactFiles.Metrics));

    public void Dispose() => folder.Dispose();
}
