using System.Net;
using System.Text.Json.Nodes;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>Models that services offer by name: folders below Models__Directory.</summary>
public sealed class ModelDirectoryTests(Servers servers) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>The copies have no weights.</summary>
    private static string FromScratch => Grids.Scenario("a", """, "recipe": { "fromScratch": true }""");

    private string Models => folder.File("models");

    [Fact]
    public async Task A_model_of_the_directory_is_trained_by_its_name_and_one_that_was_changed_meanwhile_is_refused()
    {
        var model = Copy("micro", hiddenSize: 48);
        await using var system = await DistributedSystem.Start(servers, Settings(), "datagen", "evaluator");
        var id = await system.Submit(Grids.Of("named", 0.1, FromScratch), model: "micro");
        var trainer = system.Launch("trainer");
        var state = await system.Finish(id);
        Assert.All(state["runs"]!.AsArray(), run => Assert.True((bool)run!["succeeded"]!, state.ToJsonString()));
        var trained = Directory.GetFiles(Path.Combine(system.Artifacts, "checkpoint"), "config.json", SearchOption.AllDirectories).Single();
        Assert.Equal(48, (int)JsonNode.Parse(File.ReadAllText(trained))!["text_config"]!["intermediate_size"]!);

        await trainer.Kill();
        var later = await system.Submit(Grids.Of("changed", 0.1, FromScratch), [1], "micro");
        await Wait.Until(async () => DistributedSystem.StagesOf(await system.Show(later), "datagen")
            .All(stage => (string)stage["status"]! == "done"), () => system.Logs);
        Copy("micro", hiddenSize: 64);
        system.Launch("trainer");
        var training = DistributedSystem.StagesOf(await system.Finish(later), "training").Single();
        Assert.Equal("failed", (string)training["status"]!);
        Assert.StartsWith($"{model}: expected the model micro with content ", (string)training["reason"]!);
    }

    [Fact]
    public async Task A_name_that_is_not_there_or_leaves_the_directory_is_refused_with_the_reason()
    {
        Copy("inside", hiddenSize: 48);
        Directory.Move(Copy("moved", hiddenSize: 48), folder.File("outside"));
        Directory.CreateDirectory(Path.Combine(Models, "empty"));
        File.WriteAllText(Path.Combine(Copy("broken", hiddenSize: 48), "config.json"), "{");
        await using var system = await DistributedSystem.Start(servers, Settings());
        foreach (var name in (string[])["nowhere", "../outside", "inside/../../outside", "..", ".", "inside/", "", folder.File("outside"),
            Path.Combine(Models, "inside")])
            Assert.Equal($"Model '{name}': expected 'tiny' or the name of a folder below Models__Directory, found no such folder.",
                await Refusal(name));
        Assert.StartsWith($"Model 'empty': {Path.Combine(Models, "empty")}: expected config.json, found none.", await Refusal("empty"));
        Assert.StartsWith($"Model 'broken': {Path.Combine(Models, "broken", "config.json")}", await Refusal("broken"));

        async Task<string> Refusal(string name)
        {
            var (status, body, _) =
                await system.Scenarios.Http.Post("/experiments", $$"""{ "grid": "quick", "datasets": ["CBF"], "model": "{{name}}" }""");
            Assert.True(status == HttpStatusCode.BadRequest, $"{name}: {status} {body}");
            return (string)body["detail"]!;
        }
    }

    public void Dispose() => folder.Dispose();

    private Dictionary<string, string> Settings() => new() { ["Models__Directory"] = Models };

    /// <summary>The embedded model under another name, with a feed-forward layer of another size.</summary>
    private string Copy(string name, int hiddenSize)
    {
        var path = Directory.CreateDirectory(Path.Combine(Models, name)).FullName;
        var embedded = Path.Combine(
            Path.GetDirectoryName(ServiceProcess.Program(Path.Combine("services", "scenarios"), "TsVlm.Scenarios.dll"))!, "models", "tiny");
        foreach (var file in Directory.GetFiles(embedded).Where(file => !file.EndsWith(".safetensors", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)), overwrite: true);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!;
        config["text_config"]!["intermediate_size"] = hiddenSize;
        File.WriteAllText(Path.Combine(path, "config.json"), config.ToJsonString());
        return path;
    }
}
