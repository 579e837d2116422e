using System.Globalization;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

/// <summary>
/// Data sets where only level, amplitude or length tells the class, which an image that scales each series by itself does not show.
/// </summary>
public sealed class ProbeStatisticsTests : IDisposable
{
    private const int NumTrain = 30, NumTest = 40;
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Probes_that_read_statistics_tell_level_amplitude_and_length_and_without_anything_shown_are_at_chance()
    {
        Write("Level", (values, isSecond) => [.. values.Select(value => value + (isSecond ? 3 : 0))]);
        Write("Amplitude", (values, isSecond) => [.. values.Select(value => value * (isSecond ? 2.5 : 1))]);
        Write("Length", (values, isSecond) => isSecond ? values : values[..20]);
        File.WriteAllText(folder.File("grid.json"), """
            {
              "name": "statistics", "baselines": [],
              "defaults": {
                "representation": { "image": "zoom-mosaic", "windows": "whole-and-halves", "text": "STATISTICS", "answers": "index" },
                "recipe": { "epochs": 0, "readOut": "tower-probe" }
              },
              "scenarios": [
                { "name": "tower" },
                { "name": "answer", "recipe": { "readOut": "answer-probe" } },
                { "name": "image", "representation": { "arm": "image" } },
                { "name": "nothing", "representation": { "arm": "blank-image", "text": "NONE" } },
                {
                  "name": "nothing-answer", "representation": { "arm": "blank-image", "text": "NONE" },
                  "recipe": { "readOut": "answer-probe" }
                }
              ]
            }
            """);
        var answer = await Cli.Run(folder.Path, "run", "--data", ".", "--datasets", "Level,Amplitude,Length", "--scenarios", "grid.json",
            "--out", "out");
        Assert.True(answer.ExitCode == 0, answer.Error + answer.Output);
        var accuracies = File.ReadLines(folder.File("out/results.csv")).Skip(1).Select(line => line.Split(','))
            .ToDictionary(cells => $"{cells[0]}/{cells[4]}", cells => double.Parse(cells[10], CultureInfo.InvariantCulture));
        foreach (var dataset in (string[])["Level", "Amplitude", "Length"])
        {
            Assert.InRange(accuracies[$"{dataset}/tower"], 0.95, 1);
            Assert.InRange(accuracies[$"{dataset}/answer"], 0.95, 1);
            Assert.Equal(0.5, accuracies[$"{dataset}/nothing"]);
            Assert.Equal(0.5, accuracies[$"{dataset}/nothing-answer"]);
        }
        // New series are shown to the probe as the test cases were.
        var run = Directory.GetDirectories(folder.File("out/runs"), "Level.*.tower.*").Single();
        var predicted = await Cli.Run(folder.Path, "predict", "--checkpoint", run, "--series", "Level_TEST.ts");
        Assert.True(predicted.ExitCode == 0, predicted.Error);
        Assert.Equal(File.ReadLines(Path.Combine(run, "predictions.csv")).Skip(1).Select(line => line.Split(',')[2]),
            predicted.Output.Trim().Split('\n').Skip(1).Select(line => line.Split(',')[1]));

        Assert.InRange(accuracies["Level/image"], 0.2, 0.8);
        Assert.InRange(accuracies["Amplitude/image"], 0.2, 0.8);
    }

    private void Write(string name, Func<double[], bool, double[]> change)
    {
        var random = new Random(5);
        foreach (var (part, count) in (ReadOnlySpan<(string, int)>)[("TRAIN", NumTrain), ("TEST", NumTest)])
        {
            var lines = Enumerable.Range(0, count).Select(i =>
            {
                var (speed, phase) = (0.2 + (0.5 * random.NextDouble()), 6 * random.NextDouble());
                double[] values = [.. Enumerable.Range(0, 24).Select(t => Math.Sin((speed * t) + phase) + (0.4 * random.NextDouble()))];
                var written = change(values, i % 2 == 1).Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture));
                return $"{string.Join(',', written)}:{"ab"[i % 2]}";
            });
            File.WriteAllLines(folder.File($"{name}_{part}.ts"), ["@classLabel true a b", "@data", .. lines]);
        }
    }

    public void Dispose() => folder.Dispose();
}
