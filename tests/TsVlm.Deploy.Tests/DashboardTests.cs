using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenTelemetry;
using TsVlm.Telemetry;
using TsVlm.Tests;
using static TsVlm.Deploy.Tests.Rendering;

namespace TsVlm.Deploy.Tests;

/// <summary>The chart's dashboard against the meter itself and against what Grafana reads.</summary>
public partial class DashboardTests
{
    // Labels of Prometheus itself, and the attribute of the GPUs.
    private static readonly string[] OtherLabels = ["le", "job", "instance", "hw_id"];

    private static JsonNode Dashboard { get; } =
        JsonNode.Parse(File.ReadAllText(Path.Combine(TestFolders.Repository, ChartFolder, "dashboards/tsvlm.json")))!;

    private static List<Instrument> Instruments { get; } = Published();

    private static IReadOnlyList<JsonNode> Panels => [.. Items(Dashboard["panels"]).Where(p => Text(p["type"]) != "row")];

    private static IReadOnlyList<string> Queries => [.. Panels.SelectMany(p => Items(p["targets"])).Select(t => Text(t["expr"]))];

    private static HashSet<string> Metrics => [.. Queries.SelectMany(query => Metric().Matches(query)).Select(m => m.Groups[1].Value)];

    [Fact]
    public void Every_metric_of_the_dashboard_is_an_instrument_of_the_meter()
    {
        Assert.NotEmpty(Metrics);
        Assert.Empty(Metrics.Except(Instruments.SelectMany(PrometheusNames.SeriesOf)));
        Assert.All(Queries, query => Assert.Matches(Metric(), query));
    }

    [Fact]
    public void Every_instrument_of_the_meter_has_a_panel() =>
        Assert.Empty(Instruments.Where(i => !PrometheusNames.SeriesOf(i).Intersect(Metrics).Any()).Select(i => i.Name));

    [Fact]
    public void Every_label_of_the_dashboard_is_an_attribute_of_the_meter_or_one_of_Prometheus()
    {
        var attributes = typeof(TelemetryNames).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => PrometheusNames.Label((string)field.GetRawConstantValue()!)).Concat(OtherLabels).ToHashSet();
        var legends = Panels.SelectMany(p => Items(p["targets"])).SelectMany(t => Legend().Matches(Text(t["legendFormat"])));
        var used = Queries.SelectMany(query => Grouping().Matches(query)).SelectMany(m => m.Groups[1].Value.Split(", "))
            .Concat(Queries.SelectMany(query => Matcher().Matches(query)).Select(m => m.Groups[1].Value))
            .Concat(legends.Select(m => m.Groups[1].Value)).ToHashSet();
        Assert.Contains("tsvlm_stage", used);
        Assert.Empty(used.Except(attributes));
    }

    [Fact]
    public void A_variable_of_a_query_is_one_of_the_dashboard_or_of_Grafana()
    {
        var variables = Items(Dashboard["templating"]!["list"]).Select(v => Text(v["name"])).ToList();
        Assert.Equal(["datasource", "job", "window"], variables);
        Assert.Empty(Queries.SelectMany(query => Variable().Matches(query)).Select(m => m.Groups[1].Value).Distinct()
            .Except([.. variables, "__rate_interval"]));
        var job = Dashboard["templating"]!["list"]![1]!;
        Assert.Equal("label_values(process_memory_usage_bytes, job)", Text(job["definition"]));
        // The services as the chart names them, and as they are called without OTEL_SERVICE_NAME.
        var pattern = new Regex(Text(job["regex"]).Split('/')[1], RegexOptions.IgnoreCase);
        Assert.All(ServiceContract.Services, s => Assert.Matches(pattern, $"timeseries/{s}"));
        Assert.All(["TsVlm.Trainer", "tsvlm"], name => Assert.Matches(pattern, name));
        Assert.DoesNotMatch(pattern, "monitoring/node-exporter");
    }

    [Fact]
    public void The_dashboard_has_what_Grafana_reads()
    {
        Assert.Equal("TsVlm", Text(Dashboard["title"]));
        Assert.Matches("^[a-zA-Z0-9_-]{1,40}$", Text(Dashboard["uid"]));
        Assert.True((int)Dashboard["schemaVersion"]! >= 36);
        Assert.Null(Dashboard["id"]);   // Grafana gives it
        var source = Dashboard["templating"]!["list"]![0]!;
        Assert.Equal(("datasource", "prometheus"), (Text(source["type"]), Text(source["query"])));
        var all = Items(Dashboard["panels"]).ToList();
        Assert.Equal(all.Count, all.Select(p => (int)p["id"]!).Distinct().Count());
        Assert.Equal(all.Count, all.Select(p => Text(p["title"])).Where(title => title.Length > 0).Distinct().Count());
        foreach (var panel in Panels)
        {
            Assert.All(Items(panel["targets"]).Append(panel), part => Assert.Equal(("prometheus", "${datasource}"),
                (Text(part["datasource"]!["type"]), Text(part["datasource"]!["uid"]))));
            Assert.NotEmpty(Text(panel["description"]));
            Assert.NotEmpty(Text(panel["fieldConfig"]!["defaults"]!["unit"]));
            var references = Items(panel["targets"]).Select(t => Text(t["refId"])).ToList();
            Assert.NotEmpty(references);
            Assert.Equal(references.Count, references.Distinct().Count());
        }
    }

    [Fact]
    public void Panels_fill_the_grid_of_24_columns_without_overlap()
    {
        var cells = Items(Dashboard["panels"]).Select(p => p["gridPos"]!).SelectMany(at =>
            from x in Enumerable.Range((int)at["x"]!, (int)at["w"]!)
            from y in Enumerable.Range((int)at["y"]!, (int)at["h"]!)
            select (x, y)).ToList();
        Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.Equal(cells.Count, 24 * (cells.Max(cell => cell.y) + 1));
    }

    /// <summary>
    /// The expected names are what MetricNamer.Build of github.com/prometheus/otlptranslator, the code of Prometheus and the Collector,
    /// returned at commit 51da773.
    /// </summary>
    [Theory]
    [InlineData("tsvlm.training.loss", "nat", false, "tsvlm_training_loss_nat")]
    [InlineData("tsvlm.training.validation.loss", "nat", false, "tsvlm_training_validation_loss_nat")]
    [InlineData("tsvlm.stage.samples.rate", "{sample}/s", false, "tsvlm_stage_samples_rate_per_second")]
    [InlineData("tsvlm.stage.tokens.rate", "{token}/s", false, "tsvlm_stage_tokens_rate_per_second")]
    [InlineData("tsvlm.stage.queue.wait", "s", false, "tsvlm_stage_queue_wait_seconds")]
    [InlineData("tsvlm.stage.duration", "s", false, "tsvlm_stage_duration_seconds")]
    [InlineData("tsvlm.stage.unaccounted", "s", false, "tsvlm_stage_unaccounted_seconds")]
    [InlineData("tsvlm.stage.attempts", "{attempt}", true, "tsvlm_stage_attempts_total")]
    [InlineData("tsvlm.stage.failures", "{failure}", true, "tsvlm_stage_failures_total")]
    [InlineData("tsvlm.store.io", "By", true, "tsvlm_store_io_bytes_total")]
    [InlineData("tsvlm.serving.queue", "{series}", false, "tsvlm_serving_queue")]
    [InlineData("tsvlm.serving.duration", "s", false, "tsvlm_serving_duration_seconds")]
    [InlineData("tsvlm.serving.batch.size", "{series}", false, "tsvlm_serving_batch_size")]
    [InlineData("tsvlm.serving.refusals", "{request}", true, "tsvlm_serving_refusals_total")]
    [InlineData("process.memory.usage", "By", false, "process_memory_usage_bytes")]
    [InlineData("hw.gpu.memory.usage", "By", false, "hw_gpu_memory_usage_bytes")]
    public void A_metric_has_the_name_that_the_Collector_and_Prometheus_give_it(string name, string unit, bool isCounter, string expected) =>
        Assert.Equal(expected, PrometheusNames.Of(name, unit, isCounter));

    private static List<Instrument> Published()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Source) found.Add(instrument);
            },
        };
        listener.Start();
        RuntimeHelpers.RunClassConstructor(typeof(StageMetrics).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(ServingMetrics).TypeHandle);
        Sdk.CreateMeterProviderBuilder().AddMachineMetrics();
        return found;
    }

    [GeneratedRegex(@"\b([a-z][a-z0-9_]*)\{")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\bby \(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"[{,]\s*([a-z_]+)\s*[=!]")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Legend();

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variable();
}
