using TsVlm.Tests;
using TsVlm.Tests.Telemetry;

namespace TsVlm.Distributed.Tests;

/// <summary>What a collector receives of real runs.</summary>
public sealed class TelemetryTests(Servers servers) : IDisposable
{
    private static readonly string[] Whole =
    [
        "run",
        "run / dispatch datagen",
        "run / dispatch datagen / datagen",
        "run / dispatch datagen / datagen / representation",
        "run / dispatch evaluation",
        "run / dispatch evaluation / evaluation",
        "run / dispatch evaluation / evaluation / metrics",
        "run / dispatch evaluation / evaluation / model load",
        "run / dispatch evaluation / evaluation / prediction",
        "run / dispatch training",
        "run / dispatch training / training",
        "run / dispatch training / training / epoch",
        "run / dispatch training / training / epoch",
        "run / dispatch training / training / epoch / validation",
        "run / dispatch training / training / epoch / validation",
        "run / dispatch training / training / model load",
        "run / dispatch training / training / temperature",
        "run / report",
        "run / submission",
    ];

    private static readonly string[] OfBaseline =
    [
        "run",
        "run / dispatch evaluation",
        "run / dispatch evaluation / evaluation",
        "run / dispatch evaluation / evaluation / metrics",
        "run / dispatch evaluation / evaluation / prediction",
        "run / report",
        "run / submission",
    ];

    private static readonly string[] Refused =
        ["run", "run / dispatch datagen", "run / dispatch datagen / datagen", "run / report", "run / submission"];

    private const ulong Second = 1_000_000_000;   // in ns, as OTLP counts
    private const int MaxSpans = 70;
    private readonly TemporaryFolder folder = new();
    private readonly TelemetryReceiver received = new();

    [Fact]
    public async Task Each_run_is_one_trace_through_four_processes_from_its_request_to_its_report()
    {
        await using var system = await DistributedSystem.Start(servers, received.Settings, "datagen", "trainer", "evaluator");
        await system.Finish(await system.Submit(Grids.Of("traced", 2, Grids.Scenario("a"), TooLong)), seconds: 300);
        await Received(3);
        var traces = Traces();
        Assert.Equal(3, traces.Count);
        var (baseline, whole, refused) = (traces["baseline:1nn-ed"], traces["a"], traces["too long"]);
        Assert.Equal(OfBaseline, baseline.Paths);
        Assert.Equal(Whole, whole.Paths);
        Assert.Equal(Refused, refused.Paths);
        Assert.All(traces.Values, trace => Assert.Empty(trace.Orphans));
        Assert.All(received.Spans.Where(span => span.Facts.ContainsKey("tsvlm.run.id")),
            span => Assert.Contains(traces.Values, trace => trace.All.Contains(span)));

        Assert.Equal("TsVlm.Datagen", Assert.Single(whole.Named("datagen")).Service);
        Assert.Equal("TsVlm.Trainer", Assert.Single(whole.Named("training")).Service);
        Assert.Equal("TsVlm.Evaluator", Assert.Single(whole.Named("evaluation")).Service);
        Assert.Equal("TsVlm.Evaluator", Assert.Single(whole.Named("report")).Service);
        var root = Assert.Single(whole.Named("run"));
        Assert.Equal("TsVlm.Scenarios", root.Service);
        var request = Assert.Single(received.Spans, span => span.Scope == "Microsoft.AspNetCore"
            && span.Name.StartsWith("POST", StringComparison.Ordinal));
        Assert.Equal(3, request.Links.Count);
        Assert.Contains((root.Trace, root.Id), request.Links);
        Assert.Equal((request.Trace, request.Id), Assert.Single(Assert.Single(whole.Named("submission")).Links));
        AssertFacts(whole);
        AssertLasts(whole);
        Assert.InRange(whole.All.Count, whole.Paths.Count, MaxSpans);
        Assert.DoesNotContain(received.Spans, span => span.Scope.Contains("Http", StringComparison.Ordinal));

        var failed = Assert.Single(refused.Named("datagen"));
        Assert.All([failed, Assert.Single(refused.Named("run"))], span =>
        {
            Assert.True(span.Failed);
            Assert.Contains("tokens", span.Problem);
            Assert.Equal("failed", span.Facts["tsvlm.outcome"]);
        });
        Assert.All(whole.All, span => Assert.False(span.Failed, $"{span.Name}: {span.Problem}"));
        AssertNoOtherTraces();
    }

    [Fact]
    public async Task Metrics_and_logs_tell_of_the_stages_without_naming_runs_in_metrics()
    {
        var settings = new Dictionary<string, string>(received.Settings) { ["PATH"] =
            $"{FolderOfGpuTool()}:{Environment.GetEnvironmentVariable("PATH")}" };
        await using var system = await DistributedSystem.Start(servers, settings, "datagen", "trainer", "evaluator");
        var id = await system.Submit(Grids.Of("measured", 2, Grids.Scenario("a"), TooLong));
        await system.Finish(id, seconds: 300);
        string[] expected =
        [
            "tsvlm.training.loss nat", "tsvlm.training.validation.loss nat", "tsvlm.stage.samples.rate {sample}/s",
            "tsvlm.stage.tokens.rate {token}/s",
            "tsvlm.stage.queue.wait s", "tsvlm.stage.duration s", "tsvlm.stage.attempts {attempt}", "tsvlm.stage.failures {failure}",
            "tsvlm.store.io By", "tsvlm.stage.unaccounted s",
            "process.memory.usage By", "hw.gpu.memory.usage By",
        ];
        await Wait.Until(() => Task.FromResult(!expected.Except(Own().Select(metric => $"{metric.Name} {metric.Unit}")).Any()),
            () => $"Not received: {string.Join(", ", expected.Except(Own().Select(metric => $"{metric.Name} {metric.Unit}")))}",
            seconds: 15);
        Assert.All(Own(), metric => Assert.NotEmpty(metric.Description));
        string[] attributes = ["tsvlm.stage", "tsvlm.outcome", "error.type", "network.io.direction", "hw.id"];
        Assert.All(Own().SelectMany(metric => metric.Points), point => Assert.Empty(point.Facts.Keys.Except(attributes)));
        Assert.Equal(["datagen", "evaluation", "training"], StagesOf("tsvlm.stage.duration"));
        Assert.Equal(["datagen", "evaluation", "training"], StagesOf("tsvlm.stage.queue.wait"));
        Assert.Equal(["datagen"], StagesOf("tsvlm.stage.failures"));
        Assert.True(Last("tsvlm.training.loss") is > 0 and < 20);
        Assert.True(Last("tsvlm.stage.tokens.rate") > 0);
        Assert.True(Last("process.memory.usage") > 10_000_000);
        var gpus = Own().Last(metric => metric.Name == "hw.gpu.memory.usage").Points.ToDictionary(point => (string)point.Facts["hw.id"],
            point => point.Value);
        Assert.Equal((2, 1234d * 1024 * 1024, 5d * 1024 * 1024), (gpus.Count, gpus["0"], gpus["1"]));

        var log = Assert.Single(received.Logs, line => line.Text.EndsWith("Datagen failed", StringComparison.Ordinal)
            && line.Service == "TsVlm.Datagen");
        Assert.Contains("too-long", (string)log.Facts["RunId"]);
        Assert.Equal($"{log.Facts["RunId"]} | Datagen | 1 | Datagen failed", log.Text);
        Assert.Equal(1L, Convert.ToInt64(log.Facts["Attempt"]));
        Assert.Equal(Traces()["too long"].Named("datagen").Single().Trace, log.Trace);
        Assert.DoesNotContain(received.Logs, line => line.Text.Contains("amqp://", StringComparison.Ordinal)
            || line.Text.Contains("Password=", StringComparison.Ordinal));
    }

    /// <summary>What NVIDIA's driver brings on a machine with two GPUs, which this one need not have.</summary>
    private string FolderOfGpuTool()
    {
        var path = folder.File("nvidia-smi");
        File.WriteAllText(path, "#!/bin/sh\nprintf '0, 1234\\n1, 5\\n'\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder.Path;
    }

    [Fact]
    public async Task A_training_that_was_killed_goes_on_in_the_same_trace_as_a_further_attempt()
    {
        await using var system = await DistributedSystem.Start(servers, received.Settings, "datagen", "evaluator");
        var killed = system.Launch("trainer");
        var id = await system.Submit(Grids.Of("killed", 4, Grids.Scenario("a")));
        await Wait.Until(() => Task.FromResult(received.Spans.Any(span => span.Name == "epoch")), () => killed.Log);
        await killed.Kill();
        var before = received.Spans.Count(span => span.Name == "epoch");
        system.Launch("trainer");
        await system.Finish(id, seconds: 300);
        await Received(2);

        var trace = Traces()["a"];
        var training = Assert.Single(trace.Named("training"));
        Assert.Equal(2L, training.Facts["tsvlm.attempt"]);
        Assert.Equal("run / dispatch training / training", trace.PathOf(training));
        Assert.Single(trace.Named("evaluation"));
        var epochs = trace.Named("epoch").ToList();
        Assert.Contains(epochs, epoch => epoch.Parent == training.Id);
        // What the killed process had sent belongs to the trace; its stage's own span died with it.
        Assert.True(before > 0);
        Assert.True(epochs.Count(epoch => epoch.Parent != training.Id) >= before);
        Assert.All(trace.Orphans,
            span => Assert.True(span.Service == "TsVlm.Trainer" && span.Ended <= training.Started, $"{span.Name}\n{trace}"));
    }

    [Fact]
    public async Task One_process_sends_the_same_spans()
    {
        await OneProcess.Run(Grids.Of("local", 2, Grids.Scenario("a")), folder, received.Settings);
        var traces = Traces();
        Assert.Equal(2, traces.Count);
        Assert.Equal(OfBaseline, traces["baseline:1nn-ed"].Paths);
        Assert.Equal(Whole, traces["a"].Paths);
        Assert.All(traces.Values, trace => Assert.Empty(trace.Orphans));
        Assert.All(traces["a"].All, span => Assert.Equal("tsvlm", span.Service));
        AssertFacts(traces["a"]);
        AssertLasts(traces["a"]);
        AssertNoOtherTraces();
        Assert.Contains(Own(), metric => metric.Name == "tsvlm.training.loss");
    }

    public void Dispose()
    {
        received.Dispose();
        folder.Dispose();
    }

    private static string TooLong => Grids.Scenario("too long", """, "representation": { "downsampling": "none", "contextLength": 100 }""");

    /// <summary>Progress and heartbeats would begin thousands.</summary>
    private void AssertNoOtherTraces()
    {
        string[] beginnings = ["TsVlm: run", "TsVlm: dispatch report", "Microsoft.AspNetCore: POST /experiments/",
            "Microsoft.AspNetCore: GET /experiments/{id}"];
        Assert.Empty(received.Spans.Where(span => span.Parent.Length == 0).Select(span => $"{span.Scope}: {span.Name}").Distinct()
            .Except(beginnings));
    }

    /// <summary>The root lasts from the request until the last stage is recorded, and the stages explain their time.</summary>
    private static void AssertLasts(TelemetryTree trace)
    {
        var root = Assert.Single(trace.Named("run"));
        Assert.Empty(root.Parent);
        Assert.Equal("done", root.Facts["tsvlm.outcome"]);
        Assert.True(root.Started <= trace.Named("submission").Single().Ended);
        Assert.True(root.Ended >= trace.Named("evaluation").Single().Started);
        foreach (var stage in (string[])["datagen", "training", "evaluation"])
        {
            var span = Assert.Single(trace.Named(stage));
            Assert.True(root.Started <= span.Started && span.Ended <= root.Ended + Second, $"{stage}\n{trace}");
            Assert.InRange((double)span.Facts["tsvlm.stage.unaccounted"], 0, (span.Ended - span.Started) / (double)Second);
        }
        Assert.Equal(["datagen", "training", "evaluation"],
            trace.All.Where(span => span.Scope == "TsVlm" && span.Name is "datagen" or "training" or "evaluation")
                .OrderBy(span => span.Started).Select(span => span.Name));
    }

    private static void AssertFacts(TelemetryTree trace)
    {
        foreach (var name in (string[])["run", "datagen", "training", "epoch", "validation", "evaluation", "prediction", "metrics",
            "report"])
        {
            Assert.All(trace.Named(name), span =>
            {
                Assert.Equal("CBF", span.Facts["tsvlm.dataset"]);
                Assert.Equal("a", span.Facts["tsvlm.scenario"]);
                Assert.Equal((0L, 0L), ((long)span.Facts["tsvlm.resample"], (long)span.Facts["tsvlm.seed"]));
            });
        }
        foreach (var name in (string[])["datagen", "training", "epoch", "validation", "prediction"])
            Assert.All(trace.Named(name),
                span => Assert.True((long)span.Facts["tsvlm.samples"] > 0 && (double)span.Facts["tsvlm.samples_per_second"] > 0, name));
        foreach (var name in (string[])["training", "epoch", "validation"])
            Assert.All(trace.Named(name), span => Assert.True((double)span.Facts["tsvlm.loss"] is > 0 and < 20));
        Assert.All(trace.Named("epoch"),
            span => Assert.True((long)span.Facts["tsvlm.tokens"] > (long)span.Facts["tsvlm.samples"]
                && (double)span.Facts["tsvlm.tokens_per_second"] > 0));
        Assert.Equal([1L, 2L], trace.Named("epoch").OrderBy(span => span.Started).Select(span => (long)span.Facts["tsvlm.epoch"]));
        Assert.InRange((double)Assert.Single(trace.Named("metrics")).Facts["tsvlm.accuracy"], 0, 1);
        foreach (var name in (string[])["datagen", "training", "evaluation"])
        {
            var stage = Assert.Single(trace.Named(name));
            Assert.Equal((1L, "done"), ((long)stage.Facts["tsvlm.attempt"], (string)stage.Facts["tsvlm.outcome"]));
            Assert.Contains(trace.Named("artifact upload"), span => span.Parent == stage.Id
                && (long)span.Facts["tsvlm.artifact.bytes"] > 0);
            Assert.Contains(trace.Named("artifact download"), span => span.Parent == stage.Id);
        }
    }

    /// <summary>Waits until every run's last span is there, and all that is still on its way.</summary>
    private Task Received(int numRuns) => Wait.Until(
        () => Task.FromResult(
        Traces().Values.Count(trace => trace.Named("report").Any() && trace.Orphans.All(span => span.Service == "TsVlm.Trainer")) == numRuns
            && !received.Spans.Any(span => span.Ended > (ulong)DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds() * 1_000_000)),
        () => string.Join("\n\n", Traces().Values), seconds: 20);

    /// <summary>The traces of runs, by scenario.</summary>
    private Dictionary<string, TelemetryTree> Traces() => received.Spans.Where(span => span.Scope == "TsVlm" && span.Name == "run")
        .ToDictionary(root => (string)root.Facts["tsvlm.scenario"], root => new TelemetryTree(received.Spans, root.Trace));

    private IEnumerable<TelemetryMetric> Own() => received.Metrics.Where(metric => metric.Scope == "TsVlm");

    private IEnumerable<string> StagesOf(string metric) =>
        Own().Where(m => m.Name == metric).SelectMany(m => m.Points).Select(point => (string)point.Facts["tsvlm.stage"]).Distinct()
        .Order(StringComparer.Ordinal);

    private double Last(string metric) => Own().Last(m => m.Name == metric).Points[^1].Value;
}
