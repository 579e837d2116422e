using System.Globalization;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

/// <summary><c>tsvlm early</c> on a few cases of CBF.</summary>
public sealed class EarlyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Answers_before_a_series_is_whole_do_not_depend_on_its_rest_and_make_up_the_scores()
    {
        SmallData.Write(folder);
        File.WriteAllText(folder.File("grid.json"), """
            { "name": "whole", "scenarios": [ { "name": "whole", "representation": { "arm": "image", "image": "zoom-mosaic", "text": "NONE", "contextLength": 512,
              "answers": "index" }, "recipe": { "readOut": "tower-probe", "epochs": 0 } } ] }
            """);
        var cases = await Early("first");
        var score = Rows("first/early.csv").Single();
        Assert.Equal((48, 18), (int.Parse(score["num_train"], null), int.Parse(score["num_test"], null)));
        Assert.Equal(Share(cases, one => one["prediction"] == one["label"]), Number(score["accuracy"]), 12);
        Assert.Equal(Share(cases, one => one["fixed_prediction"] == one["label"]), Number(score["fixed_accuracy"]), 12);
        Assert.Equal(Number(Assert.Single(cases.Select(one => one["fixed_steps"]).Distinct())) / 128, Number(score["fixed_earliness"]), 12);
        Assert.Equal(Share(cases, one => one["full_prediction"] == one["label"]), Number(score["full_accuracy"]), 12);
        Assert.Equal(cases.Average(one => Number(one["steps"]) / Number(one["length"])), Number(score["earliness"]), 12);
        Assert.InRange(Number(score["accuracy"]), 0.6, 1);
        Assert.InRange(Number(score["earliness"]), 0.25, 0.9);
        Assert.All(cases, one => Assert.Contains(one["steps"], new[] { "32", "64", "96", "128" }));

        // What comes after an answer is turned round in the file.
        var lines = File.ReadAllLines(folder.File("data/Shapes_TEST.csv"));
        File.WriteAllLines(folder.File("data/Shapes_TEST.csv"), [lines[0], .. lines.Skip(1).Select((line, i) =>
        {
            var (values, steps) = (line.Split(','), int.Parse(cases[i]["steps"], null));
            return string.Join(',', values.Take(steps + 1).Concat(values.Skip(steps + 1).Select(value => value.StartsWith('-') ? value[1..] : "-" + value)));
        })]);
        Assert.Equal(cases.Select(one => (one["prediction"], one["steps"])), (await Early("second")).Select(one => (one["prediction"], one["steps"])));
    }

    [Theory]
    [InlineData("expected a probe on a model that is not trained", "--datasets", "CBF", "--scenarios", "paper")]
    [InlineData("--prefixes: expected a number from 2 to 1000, found '1'", "--prefixes", "1")]
    [InlineData("NoSuchSet", "--datasets", "NoSuchSet")]
    public async Task Early_classification_that_cannot_be_done_is_refused_with_its_reason(string expected, params string[] arguments)
    {
        var result = await Cli.Run(folder.Path, ["early", .. arguments]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Error + result.Output);
    }

    public void Dispose() => folder.Dispose();

    private async Task<List<Dictionary<string, string>>> Early(string output)
    {
        var result = await Cli.Run(folder.Path, "early", "--data", "data", "--datasets", SmallData.Name, "--scenarios", "grid.json", "--prefixes", "4",
            "--out", output, "--device", "cpu");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        Assert.Contains("harmonic mean", result.Output);
        return Rows($"{output}/early-cases.csv");
    }

    private List<Dictionary<string, string>> Rows(string file)
    {
        var lines = File.ReadAllLines(folder.File(file)).Select(line => line.Split(',')).ToList();
        return [.. lines.Skip(1).Select(row => lines[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static double Share(List<Dictionary<string, string>> rows, Func<Dictionary<string, string>, bool> isSo) => (double)rows.Count(isSo) / rows.Count;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
