using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary><c>tsvlm run --server</c> against four services.</summary>
public sealed class ApiServerRunTests(Servers servers) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_run_on_a_server_writes_what_a_run_here_writes_even_if_the_connection_drops()
    {
        var grid = Grids.Of("server", 1, Grids.Scenario("a"), Grids.Scenario("b", ", \"recipe\": { \"learningRate\": 2e-3 }"));
        var here = Path.GetDirectoryName(await OneProcess.Run(grid, folder))!;
        await using var system = await DistributedSystem.Start(servers, "datagen", "trainer", "evaluator");
        await using var line = new TcpLine(system.Scenarios.Http.BaseAddress!.Port);
        using var command = Tsvlm("run", "--server", line.Url, "--api-key", "secret-key", "--datasets", "CBF", "--scenarios", "grid.json",
            "--out", "there");
        await Wait.Until(() => Task.FromResult(command.Output.Contains("training", StringComparison.Ordinal)), () => command.Output);
        line.Drop();
        Assert.True(await command.Ended() == 0, command.Output);
        Assert.Contains("it is made again", command.Output);
        Assert.Contains("The server is back", command.Output);
        Assert.Contains("epoch", command.Output);

        var there = folder.File("there");
        Assert.Equal(WithoutTimes(Path.Combine(here, "results.csv")), WithoutTimes(Path.Combine(there, "results.csv")));
        var runs = Directory.GetDirectories(Path.Combine(here, "runs")).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(3, runs.Count);
        Assert.Equal(runs, Directory.GetDirectories(Path.Combine(there, "runs")).Select(Path.GetFileName).Order());
        foreach (var run in runs)
            Assert.Equal(File.ReadAllText(Path.Combine(here, "runs", run!, "predictions.csv")),
                File.ReadAllText(Path.Combine(there, "runs", run!, "predictions.csv")));
        var report = File.ReadAllText(Path.Combine(there, "report.html"));
        Assert.Contains("--server", report);
        Assert.DoesNotContain("secret-key", report);
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_experiment_on_the_server_and_cancel_ends_it()
    {
        File.WriteAllText(folder.File("grid.json"), Grids.Of("left", 100, Grids.Scenario("a")));
        await using var system = await DistributedSystem.Start(servers, "datagen", "trainer", "evaluator");
        var url = system.Scenarios.Http.BaseAddress!.AbsoluteUri;
        using var command = Tsvlm("run", "--server", url, "--datasets", "CBF", "--scenarios", "grid.json");
        await Wait.Until(() => Task.FromResult(command.Output.Contains("training", StringComparison.Ordinal)), () => command.Output);
        command.Interrupt();
        Assert.True(await command.Ended() == 130, command.Output);
        var id = (string)(await system.Scenarios.Http.Json("/experiments"))["items"]![0]!["id"]!;
        Assert.Contains($"--cancel {id}", command.Output);
        Assert.False((bool)(await system.Show(id))["ended"]!);

        using var back = Tsvlm("run", "--server", url, "--datasets", "CBF", "--scenarios", "grid.json");
        await Wait.Until(() => Task.FromResult(back.Output.Contains("training", StringComparison.Ordinal)), () => back.Output);
        Assert.Contains(id, back.Output);
        using var cancel = Tsvlm("run", "--server", url, "--cancel", id);
        Assert.True(await cancel.Ended() == 0, cancel.Output);
        Assert.True(await back.Ended() == 1, back.Output);
        Assert.Contains("1 of 2 runs were cancelled", back.Output);
    }

    [Fact]
    public async Task A_refusal_and_an_absent_server_are_reported_in_one_sentence()
    {
        await using var system = await DistributedSystem.Start(servers);
        var url = system.Scenarios.Http.BaseAddress!.AbsoluteUri;
        using var model = Tsvlm("run", "--server", url, "--datasets", "CBF", "--model", "no-such-model");
        Assert.Equal(1, await model.Ended());
        Assert.Contains("Model 'no-such-model': expected 'tiny'", model.Output);
        using var missing = Tsvlm("run", "--server", url, "--cancel", "none");
        Assert.Equal(1, await missing.Ended());
        Assert.Contains("Expected the id of an experiment, found 'none'", missing.Output);
        using var options = Tsvlm("run", "--server", url, "--device", "cpu");
        Assert.Equal(1, await options.Ended());
        Assert.Contains("--device has no effect beside --server", options.Output);
        using var alone = Tsvlm("run", "--api-key", "key");
        Assert.Equal(1, await alone.Ended());
        Assert.Contains("--api-key has no effect without --server", alone.Output);
        using var address = Tsvlm("run", "--server", "localhost");
        Assert.Equal(1, await address.Ended());
        Assert.Contains("expected an address such as", address.Output);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>The columns before those of times and memory.</summary>
    private static List<string> WithoutTimes(string csv) =>
        [.. File.ReadLines(csv).Select(line => string.Join(',', line.Split(',')[..^4]))];

    private CommandProcess Tsvlm(params string[] arguments) => new(folder.Path, arguments);
}
