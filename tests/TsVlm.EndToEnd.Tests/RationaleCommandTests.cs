using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

public sealed class RationaleCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_file_of_rationales_is_written_edited_and_learnt()
    {
        var written = await Cli.Run(folder.Path, "rationales", "--datasets", "CBF", "--to", "cbf.csv");
        Assert.True(written.ExitCode == 0, written.Error);
        var lines = File.ReadAllLines(folder.File("cbf.csv"));
        Assert.Equal("dataset,case,class,rationale,accepted", lines[0]);
        Assert.Contains($"{lines.Length - 1} rationales", written.Output);
        Assert.Contains(lines.Skip(1), line => line.EndsWith(",yes", StringComparison.Ordinal)
            && line.Contains(" above ", StringComparison.Ordinal));
        var again = await Cli.Run(folder.Path, "rationales", "--datasets", "CBF", "--to", "cbf.csv");
        Assert.Contains("people may have edited", again.Error.ReplaceLineEndings(" "));

        lines[1] = lines[1][..lines[1].LastIndexOf(',')] + ",no";
        File.WriteAllLines(folder.File("cbf.csv"), lines);
        File.WriteAllText(folder.File("grid.json"), """
            {
              "name": "short",
              "defaults": {
                "representation": { "arm": "text", "contextLength": 200, "downsampling": "block-mean", "answers": "index", "rationale": { "maxTokens": 32 } },
                "recipe": { "trained": "projector-and-language-model", "epochs": 0.2, "learningRate": 1e-3 }
              }
            }
            """);
        var result = await Cli.Run(folder.Path, "run", "--datasets", "CBF", "--scenarios", "grid.json", "--rationales", "cbf.csv", "--out",
            "out");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var run = Assert.Single(Directory.GetDirectories(folder.File("out/runs")));
        Assert.Matches("\"source\": \"[0-9a-f]{64}\"", File.ReadAllText(Path.Combine(run, "scenario.json")));
        Assert.Contains("have no rationale and are learnt by their answers alone", File.ReadAllText(folder.File("out/report.html")));
    }

    [Fact]
    public async Task Show_prints_the_target_of_a_training_case_and_none_of_a_test_case()
    {
        var test = await Cli.Run(folder.Path, "show", "CBF", "340", "--scenarios", "study-rationale", "--scenario", "answer-first");
        Assert.Contains("target to learn : none, for this is no training case", test.Output);
        await Cli.Run(folder.Path, "rationales", "--datasets", "CBF", "--to", "cbf.csv");
        var training = File.ReadAllLines(folder.File("cbf.csv")).Skip(1).Select(line => line.Split(','))
            .First(fields => fields[4] == "yes");
        var shown = await Cli.Run(folder.Path, "show", "CBF", training[1], "--scenarios", "study-rationale", "--scenario", "answer-first");
        Assert.Contains($"\\n{training[3]}", shown.Output.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task A_dry_run_tells_what_a_chat_model_would_be_asked_and_asks_nothing()
    {
        var result = await Cli.Run(folder.Path, "rationales", "--datasets", "CBF", "--generator", "chat", "--endpoint",
            "http://127.0.0.1:9/v1", "--chat-model", "m",
            "--price-in", "1", "--price-out", "1", "--dry-run");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Matches(@"CBF: \d+ requests \(0 answers kept from before\), about \d+ input and \d+ output tokens, cost about 0\.\d+",
            result.Output.ReplaceLineEndings(" "));
        Assert.False(File.Exists(folder.File("rationales.csv")));
    }

    [Theory]
    [InlineData("--rationales with --server is not supported", "run", "--server", "http://localhost:1", "--rationales", "x.csv")]
    [InlineData("no-such.csv", "run", "--scenarios", "study-rationale", "--rationales", "no-such.csv")]
    [InlineData("--chat-model: expected the name of a model", "rationales", "--generator", "chat", "--endpoint", "http://localhost:1/v1")]
    [InlineData("--endpoint: expected the URL", "rationales", "--generator", "chat", "--chat-model", "m")]
    [InlineData("--dry-run has no effect without --generator chat", "rationales", "--dry-run")]
    [InlineData("expected a scenario with representation.rationale", "rationales", "--scenarios", "quick")]
    public async Task A_wrong_argument_gets_one_clear_error(string expected, params string[] arguments)
    {
        var result = await Cli.Run(folder.Path, arguments);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(expected, (result.Error + result.Output).ReplaceLineEndings(" "));
        Assert.DoesNotContain("   at ", result.Error);
    }

    public void Dispose() => folder.Dispose();
}
