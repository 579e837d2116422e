using TsVlm.EndToEnd.Tests;
using TsVlm.Tests;

[assembly: AssemblyFixture(typeof(SmallExperiment))]

namespace TsVlm.EndToEnd.Tests;

/// <summary>One small experiment, run once for all tests that look at what <c>tsvlm run</c> leaves and do not change it.</summary>
public sealed class SmallExperiment : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    /// <summary>What the command answered.</summary>
    internal CliResult Answer { get; private set; } = null!;

    /// <summary>Where data/, grid.json and out/ are.</summary>
    internal string Folder => folder.Path;

    public async ValueTask InitializeAsync()
    {
        Prepare(folder, """{ "name": "text", "representation": { "arm": "text" }, "recipe": { "epochs": 0.2 } }, """, Both,
            """, { "name": "adapter", "recipe": { "trained": "lora", "lora": { "rank": 4, "alpha": 8 }, "epochs": 0.2 } }""");
        Answer = await Cli.Run(folder.Path, Arguments("out"));
        Assert.True(Answer.ExitCode == 0, Answer.Error + Answer.Output);
    }

    /// <summary>The scenario that trains long enough to be interrupted.</summary>
    internal const string Both = """{ "name": "both" }""";

    /// <summary>The folder of a scenario's run.</summary>
    internal string RunOf(string scenario) => RunOf(folder.File("out"), scenario);

    internal static string RunOf(string output, string scenario) =>
        Directory.GetDirectories(Path.Combine(output, "runs")).Single(d => d.Contains($".{scenario}.", StringComparison.Ordinal));

    /// <summary>Writes the data and a grid of scenarios into a folder.</summary>
    internal static void Prepare(TemporaryFolder folder, params string[] scenarios)
    {
        SmallData.Write(folder);
        File.WriteAllText(folder.File("grid.json"), $$"""
            {
              "name": "short", "baselines": ["1nn-ed", "1nn-dtw"],
              "defaults": {
                "representation": { "contextLength": 160, "downsampling": "block-mean", "numbers": { "digits": 1 }, "answers": "index" },
                "recipe": { "trained": "projector-and-language-model", "epochs": 3, "microBatchSize": 4, "gradientAccumulation": 1, "learningRate": 1e-3 }
              },
              "scenarios": [ {{string.Concat(scenarios)}} ]
            }
            """);
    }

    /// <summary>The command that runs the grid.</summary>
    internal static string[] Arguments(string output) =>
        ["run", "--data", "data", "--datasets", SmallData.Name, "--scenarios", "grid.json", "--out", output];

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
