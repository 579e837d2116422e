using System.Globalization;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data.Generators;
using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Tests;
using TsVlm.Representations.Samples;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;
using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.Services.Tests.Pipeline;

/// <summary>The temperature of a run's probabilities, from the validation cases to predictions, metrics and report.</summary>
public sealed class TemperatureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_and_tuned_probes_have_the_temperature_of_their_validation_cases_and_predictions_use_it()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var others = """
            , { "name": "zero-shot", "recipe": { "epochs": 0 } }
            , { "name": "adapter", "recipe": { "trained": "lora", "lora": { "rank": 4, "alpha": 8, "dropout": 0.5 } } }
            , { "name": "tuned", "recipe": { "readOut": "answer-probe", "epochs": 1, "trained": "lora", "lora": { "rank": 4, "alpha": 8, "dropout": 0.5 } } }
            """;
        var runs = await pipeline.Run(LocalPipeline.Small(LocalPipeline.MicroModel(folder), others), Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        var results = await pipeline.WriteOutput(folder.Path, runs, Stop);
        var report = HtmlPage.Read(folder.File("report.html"));
        foreach (var run in runs.Select(run => run.Run).Where(run => run.FineTuned is not null))
        {
            using var classifier = Classifier.Open(await Fetch(pipeline, ArtifactKeys.Checkpoint(run)), ComputeDevice.Cpu, 1);
            var scaling = classifier.Checkpoint.Scaling;
            var validation = SampleShards.Read(await Fetch(pipeline, ArtifactKeys.Samples(run)), SplitNames.Validation).ToList();
            Assert.Equal(validation.Count, scaling.NumCases);
            Assert.Null(scaling.NotFitted);
            var scores = classifier.Score(validation.Select(sample => sample.Input), _ => { }, Stop);
            var expected = TemperatureScaling.Fit(scores, [.. validation.Select(sample => classifier.ClassOf(sample.Answer))]).Temperature;
            Assert.Equal(1, scaling.Temperature / expected, 1e-3);   // a loaded model rounds otherwise

            var metrics = Json.Read<TestMetrics>(
                Path.Combine(await Fetch(pipeline, ArtifactKeys.Evaluation(run)), ArtifactFiles.Metrics)).Temperature!;
            var result = results.Single(result => result.Run.Id == run.Id);
            Assert.Equal((scaling.Temperature, validation.Count), (metrics.Temperature, metrics.NumValidation));
            Assert.Equal((result.Nll, result.Ece), (metrics.Nll, metrics.Ece));

            // What predict does, and what it would do without a temperature.
            var rows = File.ReadLines(Path.Combine(folder.Path, "runs", run.Id, "predictions.csv")).Skip(1).Select(line => line.Split(','))
                .ToList();
            var cases = BuiltInDatasets.Generate("CBF").Cases;
            var series = rows.Select(row => cases[int.Parse(row[0], CultureInfo.InvariantCulture)].Series).ToList();
            var predicted = classifier.Classify(series, Stop);
            Assert.All(rows.Zip(predicted), pair => Assert.All(
                pair.First.Skip(3).Zip(pair.Second),
                    p => Assert.Equal(double.Parse(p.First, CultureInfo.InvariantCulture), p.Second, 1e-5)));
            var before = classifier.Score(series.Select(classifier.Samples.Build), _ => { }, Stop)
                .Select(row => TemperatureScaling.Probabilities(row)).ToList();
            var truth = rows.Select(row => classifier.Classes.ToList().IndexOf(row[1])).ToList();
            Assert.Equal(Calibration.Nll(PredictedCases.OfMostProbable(truth, before)), metrics.NllBefore, 1e-4);
            Assert.NotEqual(metrics.NllBefore, metrics.Nll);
            Assert.Equal(rows.Select(row => row[2]), before.Select(row => classifier.Classes[PredictedCases.MostProbable(row)]));
            string[] Cells(params double[] numbers) =>
                [.. numbers.Select(number => number.ToString("0.000", CultureInfo.InvariantCulture))];
            Assert.Equal(
                [["1 (before)", .. Cells(metrics.NllBefore, metrics.EceBefore)], Cells(scaling.Temperature, metrics.Nll, metrics.Ece)],
                report.Rows($"[id='run-{run.Id}'] table.temperature tbody tr"));
        }
    }

    [Fact]
    public async Task The_report_says_why_a_temperature_was_not_fitted()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var probe = """, { "name": "tower", "representation": { "arm": "image" }, "recipe": { "readOut": "tower-probe", "epochs": 0 } }""";
        var request = LocalPipeline.Small(LocalPipeline.MicroModel(folder), probe);
        var runs = await pipeline.Run(request with { Datasets = ["Few"], DataDirectory = Few() }, Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        await pipeline.WriteOutput(folder.Path, runs, Stop);
        var report = HtmlPage.Read(folder.File("report.html"));
        string Note(string scenario) =>
            report.One($"[id='run-{runs.Single(run => run.Run.ScenarioName == scenario).Run.Id}'] p.temperature").Shown();
        Assert.Contains("fewer than 10 validation cases", Note("both"));
        Assert.Contains("by leave-one-out", Note("tower"));
    }

    private static async Task<string> Fetch(LocalPipeline pipeline, ArtifactKey key) => await pipeline.Artifacts.Fetch(key, Stop);

    private string Few()
    {
        var data = Directory.CreateDirectory(folder.File("data")).FullName;
        foreach (var (part, count) in (ReadOnlySpan<(string, int)>)[("TRAIN", 20), ("TEST", 6)])
            File.WriteAllLines(Path.Combine(data, $"Few_{part}.csv"), ["label,a,b,c,d", .. Enumerable.Range(0, count)
                .Select(i => $"{(i % 2 == 0 ? "up" : "down")},{i},2,{i % 3},{i % 2}")]);
        return data;
    }

    public void Dispose() => folder.Dispose();
}
