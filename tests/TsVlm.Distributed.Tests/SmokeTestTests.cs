using System.Text.RegularExpressions;

namespace TsVlm.Distributed.Tests;

/// <summary>What <c>helm test</c> runs: the program of scenarios with the argument smoke-test, against services that run.</summary>
public sealed partial class SmokeTestTests(Servers servers)
{
    private static readonly Dictionary<string, string> WithKey = new() { ["Api__Key"] = "old-key, new-key" };

    [Fact]
    public async Task A_smoke_test_passes_on_four_services_and_each_time_makes_every_artifact_anew()
    {
        await using var system = await DistributedSystem.Start(servers, WithKey, "datagen", "trainer", "evaluator");
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var test = CommandProcess.SmokeTest(Environment(system, key: "new-key", seconds: 240));
            Assert.True(await test.Ended() == 0, $"{test.Output}\n{system.Logs}");
            Assert.Contains("smoke-test: datagen done", test.Output);
            Assert.Contains("smoke-test: training done", test.Output);
            Assert.Contains("smoke-test: evaluation done", test.Output);
            Assert.Matches(@"smoke-test: accuracy \d\.\d\d", test.Output);
            Assert.Contains("The smoke test passed after", test.Output);
            ids.Add(Experiment().Match(test.Output).Groups[1].Value);
        }
        Assert.NotEqual(ids[0], ids[1]);
        Assert.All(["dataset", "samples", "checkpoint", "evaluation", "report"], kind =>
            Assert.Equal(2, Directory.GetDirectories(Path.Combine(system.Artifacts, kind)).Sum(d => Directory.GetDirectories(d).Length)));
    }

    [Fact]
    public async Task A_smoke_test_without_workers_names_the_stage_that_nobody_does_and_cancels_it()
    {
        await using var system = await DistributedSystem.Start(servers, WithKey);
        using var test = CommandProcess.SmokeTest(Environment(system, key: "old-key", seconds: 15));
        Assert.True(await test.Ended() == 1, test.Output);
        Assert.Matches("expected the report of the smoke test within 15 s, found smoke-test: datagen (waiting|sent)", test.Output);
        system.Scenarios.Http.DefaultRequestHeaders.Authorization = new("Bearer", "new-key");
        var state = await system.Show(Experiment().Match(test.Output).Groups[1].Value);
        Assert.Equal(1, (int)state["numRuns"]!["cancelled"]!);
    }

    [Fact]
    public async Task A_smoke_test_with_a_wrong_key_or_a_wrong_setting_ends_with_one_line_that_says_so()
    {
        await using var system = await DistributedSystem.Start(servers, WithKey);
        using var key = CommandProcess.SmokeTest(Environment(system, key: "other-key", seconds: 60));
        Assert.Equal(1, await key.Ended());
        Assert.Contains("expected the key of the server, found another one", Line(key));
        using var address = CommandProcess.SmokeTest(new Dictionary<string, string> { ["SmokeTest__Server"] = "tsvlm-scenarios" });
        Assert.Equal(1, await address.Ended());
        Assert.StartsWith("SmokeTest__Server: expected the address of the scenarios service", Line(address));
        using var none = CommandProcess.SmokeTest(new Dictionary<string, string> { ["SmokeTest__Server"] = "http://127.0.0.1:1",
            ["SmokeTest__TimeoutSeconds"] = "3" });
        Assert.Equal(1, await none.Ended());
        Assert.Contains("within 3 s, found no answer to its submission", Line(none));
    }

    private static string Line(CommandProcess process) =>
        Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static Dictionary<string, string> Environment(DistributedSystem system, string key, int seconds) => new()
    {
        ["SmokeTest__Server"] = system.Scenarios.Http.BaseAddress!.AbsoluteUri,
        ["SmokeTest__TimeoutSeconds"] = $"{seconds}",
        ["Api__Key"] = key,
    };

    [GeneratedRegex("^Experiment ([^ ]+) at ", RegexOptions.Multiline)]
    private static partial Regex Experiment();
}
