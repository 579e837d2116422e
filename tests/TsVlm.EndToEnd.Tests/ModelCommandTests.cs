using System.Text.Json.Nodes;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

/// <summary>What pretrain, predict, plan and run refuse of models, numbers and places, before any work.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("--learning-rate: expected a number from 1E-09 to 1, found 'nan'", "pretrain", "--out", "x", "--learning-rate", "nan")]
    [InlineData("--learning-rate: expected a number from 1E-09 to 1, found 'Infinity'", "pretrain", "--out", "x", "--learning-rate",
        "Infinity")]
    [InlineData("--steps: expected a number from 1 to 10000000, found '-4'", "pretrain", "--out", "x", "--steps", "-4")]
    [InlineData("--seed: expected a number from 0 to 2147483647, found '-1'", "audit", "--seed", "-1")]
    [InlineData("--samples: expected a number from 2 to 2147483647, found '1e3'", "audit", "--samples", "1e3")]
    [InlineData("--price-in: expected a number from 0 to 1000000, found 'NaN'", "rationales", "--generator", "chat", "--endpoint",
        "http://localhost:1/v1", "--chat-model", "x", "--price-in", "NaN")]
    [InlineData("--min-age-hours: expected a number from 0 to 100000, found '100001'", "gc", "--min-age-hours", "100001")]
    [InlineData("a-file/model: expected a folder that can be written", "pretrain", "--out", "a-file/model")]
    [InlineData("a-file: expected a folder that can be written", "audit", "--datasets", "CBF", "--out", "a-file")]
    [InlineData("a-file: expected a folder that can be written", "run", "--datasets", "CBF", "--out", "a-file")]
    [InlineData("a-file: expected a folder that can be written", "compare", "--results", "bare", "--out", "a-file")]
    [InlineData("expected a folder that can be written", "export", "--format", "llava-json", "--datasets", "CBF", "--to", "a-file/export")]
    [InlineData("expected the weights of the model", "run", "--model", "bare", "--datasets", "CBF")]
    [InlineData("text_config.model_type: expected llama, found 'mistral'", "run", "--model", "mistral", "--datasets", "CBF")]
    [InlineData("text_config.model_type: expected llama, found 'mistral'", "plan", "--model", "mistral")]
    [InlineData("expected a sequence of at most 64 tokens (the model's max_position_embeddings)", "plan", "--model", "narrow", "--dataset",
        "CBF", "--device", "cpu")]
    [InlineData("put NAME_LABELS.csv with the columns label,text beside its files", "scenarios", "texts.json", "--dataset", "CBF")]
    [InlineData("put NAME_LABELS.csv with the columns label,text beside its files", "plan", "--scenarios", "texts.json", "--dataset", "CBF",
        "--device", "cpu")]
    [InlineData("Expected either --series FILE or --score N, found both or none.", "describe", "--series", "a-file", "--score", "5")]
    [InlineData("Expected either --series FILE or --score N, found both or none.", "describe")]
    public async Task A_command_that_cannot_be_done_is_refused_with_its_reason(string expected, params string[] arguments)
    {
        File.WriteAllText(folder.File("a-file"), "");
        File.WriteAllText(folder.File("texts.json"),
            """{ "name": "texts", "scenarios": [ { "name": "words", "representation": { "answers": "text" } } ] }""");
        Model("bare", _ => { });
        Model("mistral", config => config["text_config"]!["model_type"] = "mistral");
        Model("narrow", config => config["text_config"]!["max_position_embeddings"] = 64);
        var result = await Cli.Run(folder.Path, arguments);
        Assert.Equal(1, result.ExitCode);
        // Messages are wrapped at the width of the console.
        Assert.Contains(expected.Replace(" ", "", StringComparison.Ordinal),
            string.Concat((result.Error + result.Output).Where(c => !char.IsWhiteSpace(c))));
        Assert.DoesNotContain("   at ", result.Error);
        Assert.False(Directory.Exists(folder.File("tsvlm-out")), "nothing was started");
    }

    public void Dispose() => folder.Dispose();

    /// <summary>The embedded model's folder without its weights, with another configuration.</summary>
    private void Model(string name, Action<JsonNode> change)
    {
        var path = Directory.CreateDirectory(folder.File(name)).FullName;
        foreach (var file in Directory.GetFiles(Cli.EmbeddedModel, "*.json")) File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!;
        change(config);
        File.WriteAllText(Path.Combine(path, "config.json"), config.ToJsonString());
    }
}
