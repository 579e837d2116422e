using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

public sealed class AuditCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_clean_data_set_passes_strictly()
    {
        Write("Clean", Rows(1), Rows(2));
        var result = await Cli.Run(folder.Path, "audit", "--data", ".", "--datasets", "Clean", "--strict", "--out", "out");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Nothing found: usable data, duplicates", result.Output);
        Assert.DoesNotContain("problem", result.Output);
        Assert.Equal(["audit.csv", "audit.html", "audit.json", "pairs.csv"], Directory.GetFiles(folder.File("out")).Select(Path.GetFileName)
            .Order());
    }

    [Fact]
    public async Task A_leak_is_told_with_its_numbers_and_what_to_do_and_fails_strictly()
    {
        var train = Rows(1);
        Write("A&B", train, [.. Rows(2).Skip(2), train[0], train[1]]);
        Write("Clean", Rows(3), Rows(4));
        var result = await Cli.Run(folder.Path, "audit", "--data", ".", "--datasets", "A&B,Clean", "--scenarios", "paper", "--out", "out");
        Assert.Equal(0, result.ExitCode);
        var strict = await Cli.Run(folder.Path, "audit", "--data", ".", "--datasets", "A&B,Clean", "--strict", "--out", "strict");
        Assert.Equal(1, strict.ExitCode);

        Assert.Contains("2 test series of 24 (8.3 %) occur, value for value", Unwrapped(result.Output));
        Assert.Contains("→ Accuracy may be wrong by up to 8.3 %: remove these cases from one part", Unwrapped(result.Output));
        Assert.Contains("BASELINE_2048_adaptive_ds_plot_ds", File.ReadAllText(folder.File("out/audit.json")));
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/audit.json")));
        Assert.Equal(["problem", "ok"], json.RootElement.GetProperty("datasets").EnumerateArray().Select(d => Worst(d)));
        Assert.Contains(File.ReadLines(folder.File("out/audit.csv")),
            line => line.StartsWith("A&B,problem,duplicates,official-0,", StringComparison.Ordinal));
        Assert.Equal(3, File.ReadLines(folder.File("out/pairs.csv")).Count());
        var page = XDocument.Load(folder.File("out/audit.html"));
        Assert.Contains(page.Descendants("summary"), s => s.Value.Contains("A&B", StringComparison.Ordinal));
        Assert.Contains("tsvlm audit --data .", page.Descendants("pre").Single().Value);
    }

    [Fact]
    public async Task A_data_set_that_cannot_be_read_fails_and_the_others_are_audited()
    {
        Write("Bad", ["x,1,2"], ["a,1"]);
        Write("Clean", Rows(1), Rows(2));
        var result = await Cli.Run(folder.Path, "audit", "--data", ".", "--out", "out");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Bad_TEST.csv(2): expected", Unwrapped(result.Output));
        Assert.Contains("Nothing found: usable data", Unwrapped(result.Output));
    }

    [Theory]
    [InlineData("NoSuchSet", "--datasets", "NoSuchSet")]
    [InlineData("qiuck", "--scenarios", "qiuck")]
    [InlineData("no folder at", "--model", "no-such-model")]
    [InlineData("no-such-folder", "--data", "no-such-folder")]
    [InlineData("--samples: expected a number from 2 to 2147483647, found '1'", "--samples", "1")]
    [InlineData("expected numbers such as 0, 0,2 or 0..4", "--resamples", "x")]
    public async Task A_wrong_argument_gets_one_clear_error(string expected, params string[] arguments)
    {
        var result = await Cli.Run(folder.Path, ["audit", .. arguments]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(expected, Unwrapped(result.Error + result.Output));
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    public void Dispose() => folder.Dispose();

    private static string Worst(JsonElement dataset)
    {
        var severity = dataset.GetProperty("severity").GetString()!;
        return severity == "note" ? "ok" : severity;
    }

    /// <summary>Output without table borders and line breaks.</summary>
    private static string Unwrapped(string output) =>
        string.Join(' ', output.Split((char[])[' ', '\n', '\r', '│'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A sine and a ramp with noise, one by one: 24 rows, 40 steps.</summary>
    private static List<string> Rows(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 24).Select(i => string.Join(',', Enumerable.Range(0, 40)
            .Select(t => ((i % 2 == 0 ? Math.Sin(t / 3.0) : t / 20.0) + random.NextDouble()).ToString("0.0000",
                CultureInfo.InvariantCulture))
            .Prepend(i % 2 == 0 ? "sine" : "ramp")))];
    }

    private void Write(string name, IReadOnlyList<string> train, IReadOnlyList<string> test)
    {
        Directory.CreateDirectory(folder.File(name));
        foreach (var (part, rows) in new[] { ("TRAIN", train), ("TEST", test) })
        {
            var columns = Enumerable.Range(0, rows[0].Count(c => c == ',')).Select(t => $"t{t}").Prepend("label");
            File.WriteAllLines(folder.File($"{name}/{name}_{part}.csv"), [string.Join(',', columns), .. rows]);
        }
    }
}
