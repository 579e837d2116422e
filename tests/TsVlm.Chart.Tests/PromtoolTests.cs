using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Tests;
using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Chart.Tests;

/// <summary>The dashboard's queries in Prometheus' own promtool; skipped where it is not on the path.</summary>
public sealed class PromtoolTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Prometheus_parses_every_query_of_the_dashboard()
    {
        var output = await Promtool("check", "rules", Rules());
        Assert.Contains("SUCCESS", output);
    }

    /// <summary>
    /// One process works all day and makes two of its seven attempts in the last hour; another comes with its first attempt, of 10 to 30 s,
    /// and goes. increase() sees no change in the second and misses it.
    /// </summary>
    [Fact]
    public async Task The_first_attempt_of_a_process_that_has_gone_counts_in_the_window()
    {
        const string gone = """job="t/trainer",instance="b",tsvlm_stage="training" """;
        File.WriteAllText(folder.File("test.yml"), JsonSerializer.Serialize(new
        {
            rule_files = new[] { Rules() },
            evaluation_interval = "1m",
            tests = new[]
            {
                new
                {
                    interval = "1m",
                    input_series = new[]
                    {
                        Series("""tsvlm_stage_attempts_total{job="t/trainer",instance="a",tsvlm_stage="training"}""", "5x60 6x30 7x60"),
                        Series($$"""tsvlm_stage_attempts_total{{{gone}}}""", "_x100 1x10 stale"),
                        Series($$"""tsvlm_stage_duration_seconds_bucket{{{gone}},le="10"}""", "_x100 0x10 stale"),
                        Series($$"""tsvlm_stage_duration_seconds_bucket{{{gone}},le="30"}""", "_x100 1x10 stale"),
                        Series($$"""tsvlm_stage_duration_seconds_bucket{{{gone}},le="+Inf"}""", "_x100 1x10 stale"),
                    },
                    promql_expr_test = new[]
                    {
                        Expected("dashboard:Attempts:A", """dashboard:Attempts:A{tsvlm_stage="training"}""", 3),
                        Expected("dashboard:Duration_of_stages:A", """dashboard:Duration_of_stages:A{tsvlm_stage="training"}""", 20),
                        Expected("sum(increase(tsvlm_stage_attempts_total[1h]))", "{}", 2),
                    },
                },
            },
        }));
        Assert.Contains("SUCCESS", await Promtool("test", "rules", folder.File("test.yml")));
    }

    public void Dispose() => folder.Dispose();

    private static object Series(string name, string values) => new { series = name, values };

    private static object Expected(string query, string labels, double value) =>
        new { expr = query, eval_time = "120m", exp_samples = new[] { new { labels, value } } };

    /// <summary>Each query as a recording rule, with values for the variables that Grafana fills in; JSON is YAML too.</summary>
    private string Rules()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFolders.Repository, ChartFolder, "dashboards/tsvlm.json")))!;
        var rules = Items(dashboard["panels"]).SelectMany(panel => Items(panel["targets"]).Select(target => new
        {
            record = $"dashboard:{Text(panel["title"]).Replace(' ', '_')}:{target["refId"]}",
            expr = Text(target["expr"]).Replace("$__rate_interval", "5m").Replace("$window", "1h").Replace("$job", ".+"),
        })).ToList();
        Assert.True(rules.Count >= 10, $"Only {rules.Count} queries were found.");
        File.WriteAllText(folder.File("rules.yml"), JsonSerializer.Serialize(new { groups = new[] { new { name = "dashboard", rules } } }));
        return folder.File("rules.yml");
    }

    private static async Task<string> Promtool(params string[] arguments)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, "promtool"))))
            Assert.Skip("Expected promtool on the path, found none; Debian's package prometheus has it.");
        var (exitCode, output, error) = await EndedProcess.Run(new("promtool", arguments));
        Assert.True(exitCode == 0, output + error);
        return output + error;
    }
}
