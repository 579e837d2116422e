using System.Globalization;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Tests;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Pipeline;

/// <summary>A data set whose cases have sets of labels, from its file to the report.</summary>
public sealed class LabelSetPipelineTests : IDisposable
{
    private static readonly string[] Sets = ["", "rise", "wave", "wave|rise"];
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_set_with_sets_of_labels_is_trained_on_and_evaluated_label_by_label()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var probe = """, { "name": "tower", "representation": { "arm": "image", "answers": "verbatim" }, "recipe": { "readOut": "tower-probe", "epochs": 0 } }""";
        var runs = await pipeline.Run(LocalPipeline.Small("tiny", probe) with { Datasets = ["Signs"], DataDirectory = Data() }, Stop);
        Assert.All(runs, run => Assert.True(run.Succeeded, run.Failed?.Reason));
        var results = await pipeline.WriteOutput(folder.Path, runs, Stop);
        var report = HtmlPage.Read(folder.File("report.html"));
        Assert.Contains(report.Texts("#summary .notes dd"), note => note.Contains("2 labels in 4 combinations", StringComparison.Ordinal));

        foreach (var result in results)
        {
            var run = result.Run;
            var files = Path.Combine(folder.Path, "runs", run.Id);
            var rows = File.ReadLines(Path.Combine(files, "labels.csv")).Select(line => line.Split(',')).ToList();
            Assert.Equal(["index", "labels", "prediction", "probability_rise", "probability_wave"], rows[0]);
            Assert.Equal(result.NumTest + 1, rows.Count);
            var evaluation = await pipeline.Artifacts.Fetch(ArtifactKeys.Evaluation(run), Stop);
            var metrics = Json.Read<TestMetrics>(Path.Combine(evaluation, ArtifactFiles.Metrics)).LabelSets!;
            Assert.Equal(result.Accuracy, metrics.SubsetAccuracy);
            var wrong = rows.Skip(1)
                .Average(row => new[] { "rise", "wave" }.Count(label => row[1].Contains(label) != row[2].Contains(label)) / 2.0);
            Assert.Equal(wrong, metrics.HammingLoss, 1e-12);
            var shown = report.One($"[id='run-{run.Id}'] .labels");
            Assert.Equal(metrics.HammingLoss.ToString("0.000", CultureInfo.InvariantCulture), shown.Facts(".facts")["Hamming loss"]);
            Assert.Equal(["rise", "wave"], shown.Texts("tbody th"));

            // The classes' probabilities add up to the labels'.
            var predictions = File.ReadLines(Path.Combine(files, "predictions.csv")).Select(line => line.Split(',')).ToList();
            var holds = predictions[0].Skip(3).Select(name => LabelSets.LabelsOf(name["probability_".Length..]).Contains("wave")).ToList();
            Assert.All(predictions.Skip(1)
                .Zip(rows.Skip(1)), pair =>
                    Assert.Equal(Number(pair.Second[4]), pair.First.Skip(3).Zip(holds).Sum(p => p.Second ? Number(p.First) : 0), 3e-6));
        }
        var tower = results.Single(result => result.Run.ScenarioName == "tower");
        Assert.True(tower.Accuracy > 0.9, $"{tower.Accuracy}");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A level, a ramp, a wave, or both.</summary>
    private string Data()
    {
        var data = Directory.CreateDirectory(folder.File("data")).FullName;
        foreach (var (part, count, seed) in (ReadOnlySpan<(string, int, int)>)[("TRAIN", 80, 1), ("TEST", 40, 2)])
        {
            var random = new Random(seed);
            var lines = Enumerable.Range(0, count).Select(i => $"{Sets[i % 4]},{string.Join(',', Values(i % 4, random))}");
            File.WriteAllLines(Path.Combine(data, $"Signs_{part}.csv"),
                [$"labels,{string.Join(',', Enumerable.Range(0, 48).Select(t => $"t{t}"))}", .. lines]);
        }
        return data;
    }

    private static IEnumerable<string> Values(int set, Random random)
    {
        var (phase, slope) = (6 * random.NextDouble(), 0.04 + (0.04 * random.NextDouble()));
        return Enumerable.Range(0, 48)
            .Select(t => ((set is 1 or 3 ? slope * t : 0) + (set >= 2 ? Math.Sin(phase + (t / 2.0)) : 0) + (0.2 * random.NextDouble()))
            .ToString("0.000", CultureInfo.InvariantCulture));
    }

    public void Dispose() => folder.Dispose();
}
