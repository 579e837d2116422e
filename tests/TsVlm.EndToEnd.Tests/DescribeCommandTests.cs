using System.Globalization;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

public sealed class DescribeCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_embedded_model_describes_new_series_better_than_the_most_frequent_answer()
    {
        var result = await Cli.Run(folder.Path, "describe", "--score", "64", "--seed", "9", "--channels", "2");
        Assert.Equal(0, result.ExitCode);
        var scores = result.Output.Trim().Split('\n')[1..].Select(line => line.Trim().Split(','))
            .ToDictionary(cells => cells[0], cells => cells[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray());
        Assert.Equal(7, scores.Count);
        Assert.InRange(scores["whole sentences"][0], 0.95, 1);
        Assert.All(scores.Where(part => part.Key is "trend" or "noise" or "cycles"),
            part => Assert.InRange(part.Value[0], part.Value[1] + 0.1, 1));
    }

    [Fact]
    public async Task A_file_of_series_is_described_in_the_models_words_and_in_steps()
    {
        var rising = Enumerable.Range(0, 200).Select(t => (t * 0.1).ToString(CultureInfo.InvariantCulture));
        var wave = Enumerable.Range(0, 200).Select(t => Math.Sin(2 * Math.PI * 4 * t / 200).ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(folder.File("new.txt"), $"{string.Join(',', rising)}\n{string.Join(',', wave)}\n");
        var result = await Cli.Run(folder.Path, "describe", "--series", "new.txt");
        Assert.Equal(0, result.ExitCode);
        var lines = result.Output.Trim().Split('\n');
        Assert.Equal("index,description,in_steps", lines[0].Trim());
        Assert.Contains("The trend is rising.", lines[1]);
        Assert.Contains("There are 4 cycles of 49.8 steps.", lines[2]);
    }

    [Theory]
    [InlineData("describe")]
    [InlineData("describe", "--series", "new.txt", "--score", "5")]
    public async Task Either_a_file_or_a_score_is_asked_for(params string[] arguments)
    {
        var result = await Cli.Run(folder.Path, arguments);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Expected either --series FILE or --score N", result.Error + result.Output);
    }

    public void Dispose() => folder.Dispose();
}
