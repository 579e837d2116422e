using System.Text.Json;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

public sealed class ExportTests(SmallExperiment experiment) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_trained_run_shows_its_probabilities_and_its_generated_answer()
    {
        var shown = await Cli.Run(experiment.Folder, "show", SmallData.Name, "50", "--data", "data", "--checkpoint",
            experiment.RunOf("adapter"));
        Assert.True(shown.ExitCode == 0, shown.Error);
        Assert.Matches(@"probabilities   : \w+ 0\.\d+, \w+ 0\.\d+, \w+ 0\.\d+", shown.Output);
        Assert.Matches("'.*', (the answer of class (cylinder|bell|funnel)|which is the answer of no class)", shown.Output);
    }

    [Fact]
    public async Task An_exported_model_starts_the_next_run_and_its_adapter_names_it()
    {
        var run = experiment.RunOf("adapter");
        var alone = await Cli.Run(folder.Path, "export", "--checkpoint", run, "--to", "adapter");
        Assert.True(alone.ExitCode == 0, alone.Error);
        Assert.True(File.Exists(Path.Combine(BaseOf("adapter"), "model.safetensors")),
            "the embedded model has weights for the adapter to be added to");

        var exported = await Cli.Run(folder.Path, "export", "--checkpoint", run, "--merge", "--to", "model");
        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Equal(
            ["config.json", "export.json", "model.safetensors", "preprocessor_config.json", "processor_config.json", "tokenizer.json",
            "tokenizer_config.json"],
            Directory.GetFiles(folder.File("model")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        SmallExperiment.Prepare(folder,
            """{ "name": "text", "representation": { "arm": "text" }, "recipe": { "trained": "lora", "lora": { "rank": 4, "alpha": 8 }, "epochs": 0.1 } }""");
        var next = await Cli.Run(folder.Path, [.. SmallExperiment.Arguments("next"), "--model", "model"]);
        Assert.True(next.ExitCode == 0, next.Error + next.Output);
        var adapter = await Cli.Run(folder.Path, "export", "--to", "next-adapter", "--checkpoint",
            SmallExperiment.RunOf(folder.File("next"), "text"));
        Assert.True(adapter.ExitCode == 0, adapter.Error);
        Assert.Equal(folder.File("model"), BaseOf("next-adapter"));
    }

    [Fact]
    public async Task Conversations_are_written_whole_once_and_replaced_only_when_asked()
    {
        SmallExperiment.Prepare(folder, SmallExperiment.Both, """, { "name": "text", "representation": { "arm": "text" } }""");
        string[] export = ["export", "--format", "llava-json", "--data", "data", "--datasets", SmallData.Name, "--scenarios", "grid.json",
            "--to", "conversations"];
        var first = await Cli.Run(folder.Path, export);
        Assert.True(first.ExitCode == 0, first.Error);
        using var train = JsonDocument.Parse(File.ReadAllText(folder.File("conversations/train.json")));
        Assert.Contains($"train.json: {train.RootElement.GetArrayLength()} samples", first.Output);
        foreach (var sample in train.RootElement.EnumerateArray())
        {
            Assert.StartsWith("<image>\n", sample.GetProperty("conversations")[0].GetProperty("value").GetString());
            Assert.True(File.Exists(folder.File($"conversations/{sample.GetProperty("image").GetString()}")));
        }

        var again = await Cli.Run(folder.Path, export);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("--force", again.Error);
        var replaced = await Cli.Run(folder.Path, [.. export, "--scenario", "text", "--force"]);
        Assert.True(replaced.ExitCode == 0, replaced.Error);
        Assert.False(Directory.Exists(folder.File("conversations/images")));
        Assert.Single(Directory.GetDirectories(folder.Path, "conversations*"));
    }

    [Fact]
    public async Task A_folder_that_no_export_made_is_never_replaced()
    {
        Directory.CreateDirectory(folder.File("mine"));
        File.WriteAllText(folder.File("mine/config.json"), "mine");
        var result = await Cli.Run(folder.Path, "export", "--format", "llava-json", "--datasets", "CBF", "--to", "mine", "--force");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("expected an earlier export to replace", result.Error.ReplaceLineEndings(" "));
        Assert.Equal("mine", File.ReadAllText(folder.File("mine/config.json")));
        Assert.Single(Directory.GetFileSystemEntries(folder.File("mine")));
    }

    public void Dispose() => folder.Dispose();

    private string BaseOf(string adapter)
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(folder.File($"{adapter}/adapter_config.json")));
        return settings.RootElement.GetProperty("base_model_name_or_path").GetString()!;
    }
}
