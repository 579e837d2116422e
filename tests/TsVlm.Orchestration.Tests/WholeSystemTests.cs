using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TsVlm.Tests;
using TsVlm.Tests.Telemetry;

namespace TsVlm.Orchestration.Tests;

/// <summary>Everything that the AppHost starts, with its servers as processes: no Docker is needed.</summary>
public sealed class WholeSystemTests : IDisposable
{
    private static readonly string[] Everything = ["messaging", "runs", "blobs", "scenarios", "datagen", "trainer", "evaluator"];
    private const int MaxSpans = 70;   // of a run
    private readonly string folder = Directory.CreateTempSubdirectory("tsvlm-apphost-").FullName;
    private readonly TelemetryReceiver received = new();

    public void Dispose()
    {
        received.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_experiment_runs_through_all_four_services()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(10));
        var stop = patience.Token;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);   // PostgreSQL runs as a user of its own
        var port = TestServer.FreePorts(6);   // the broker takes four
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.TsVlm_AppHost>(
        [
            "--Servers", "processes", "--Servers:Folder", folder,
            "--Servers:Ports:messaging", $"{port}", "--Servers:Ports:runs", $"{port + 4}", "--Servers:Ports:blobs", $"{port + 5}",
            "--DcpPublisher:WaitForResourceCleanup", "true",
        ], stop);
        builder.Services.AddLogging(log => log.ClearProviders());   // what the processes say is in the assertions
        foreach (var service in builder.Resources.OfType<ProjectResource>())
        {
            builder.CreateResourceBuilder(service).WithEnvironment(context =>
            {
                foreach (var (name, value) in received.Settings) context.EnvironmentVariables[name] = value;
            });
        }
        var key = await builder.Resources.OfType<ParameterResource>().Single(p => p.Name == "api-key").GetValueAsync(stop);
        await using var app = await builder.BuildAsync(stop);
        await app.StartAsync(stop);
        foreach (var name in Everything) await app.ResourceNotifications.WaitForResourceHealthyAsync(name, stop);

        using var scenarios = app.CreateHttpClient("scenarios", "http");
        scenarios.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var made = await scenarios.PostAsJsonAsync("/experiments", new
        {
            grid = new
            {
                name = "small",
                baselines = new[] { "1nn-ed" },
                defaults = new { representation = new { image = "zoom-mosaic", contextLength = 192 }, recipe = new { epochs = 1 } },
                scenarios = new[] { new { name = "both" } },
            },
            datasets = new[] { "CBF" },
            seeds = new[] { 0 },
        }, stop);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(stop));
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("id").GetString();
        JsonElement state;
        do
        {
            await Task.Delay(500, stop);
            state = await scenarios.GetFromJsonAsync<JsonElement>($"/experiments/{id}", stop);
        }
        while (!state.GetProperty("ended").GetBoolean() || state.GetProperty("report").GetString() == "sent");
        Assert.Equal(2, state.GetProperty("numRuns").GetProperty("succeeded").GetInt32());
        await AssertTraces(stop);
        await AssertComesBack(app, "trainer", stop);

        var submitted = await app.ResourceCommands.ExecuteCommandAsync("scenarios", "submit-quick", stop);
        Assert.True(submitted.Success, submitted.Message);
        Assert.Matches("Experiment [0-9a-f]{16} with 6 runs was submitted.", submitted.Message);
        var cancelled = await app.ResourceCommands.ExecuteCommandAsync("scenarios", "cancel-all", stop);
        Assert.Equal("Experiments cancelled: 1.", cancelled.Message);
        var retried = await app.ResourceCommands.ExecuteCommandAsync("scenarios", "retry-failed", stop);
        Assert.Matches("Runs started again: [1-6], in experiments: 1.", retried.Message);
        var garbage = await app.ResourceCommands.ExecuteCommandAsync("scenarios", "gc-dry-run", stop);
        Assert.True(garbage.Success, garbage.Message);
        Assert.Contains("Would remove 0.0 MB in all", garbage.Data!.Value);
        await app.StopAsync(stop);
    }

    /// <summary>A process that is killed is started again; one that is stopped by command stays so.</summary>
    private static async Task AssertComesBack(DistributedApplication app, string service, CancellationToken stop)
    {
        var killed = await app.ResourceNotifications.WaitForResourceAsync(service, e => ProcessOf(e) is not null, stop);
        // `dotnet run` of the service's project has the service itself as its child.
        using (var kill = Process.Start("pkill", ["-KILL", "-P", $"{ProcessOf(killed)}"])) await kill.WaitForExitAsync(stop);
        await app.ResourceNotifications.WaitForResourceAsync(service, e => ProcessOf(e) is { } now && now != ProcessOf(killed), stop);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(service, stop);

        await app.ResourceCommands.ExecuteCommandAsync(service, KnownResourceCommands.StopCommand, stop);
        await app.ResourceNotifications.WaitForResourceAsync(service, KnownResourceStates.TerminalStates, stop);
        await Task.Delay(TimeSpan.FromSeconds(10), stop);
        Assert.True(app.ResourceNotifications.TryGetCurrentState(killed.ResourceId, out var stopped));
        Assert.Contains(stopped.Snapshot.State?.Text, KnownResourceStates.TerminalStates);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync(service, KnownResourceCommands.StartCommand, stop)).Success);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(service, stop);

        static string? ProcessOf(ResourceEvent e) => e.Snapshot.State?.Text == KnownResourceStates.Running
            ? e.Snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value?.ToString() : null;
    }

    /// <summary>Each run is one trace through all services, and while nothing is worked on none begins.</summary>
    private async Task AssertTraces(CancellationToken stop)
    {
        while (Roots().Count() < 2 || Roots().Any(root => !Trace(root).Named("report").Any())) await Task.Delay(500, stop);
        await Task.Delay(2000, stop);   // what is still on its way
        var trace = Trace(Assert.Single(Roots(), root => (string)root.Facts["tsvlm.scenario"] == "both"));
        Assert.Empty(trace.Orphans);
        Assert.Equal(["datagen", "evaluator", "scenarios", "trainer"], trace.All.Select(span => span.Service).Distinct().Order());
        Assert.Equal("run / dispatch training / training / epoch", trace.PathOf(Assert.Single(trace.Named("epoch"))));
        Assert.All(trace.All, span => Assert.False(span.Failed, $"{span.Name}: {span.Problem}"));
        Assert.InRange(trace.All.Count, 10, MaxSpans);
        TestContext.Current.TestOutputHelper!.WriteLine($"{trace.All.Count} spans:\n{trace}");

        var before = NumTraces();
        await Task.Delay(TimeSpan.FromSeconds(10), stop);
        Assert.Equal(before, NumTraces());

        IEnumerable<TelemetrySpan> Roots() => received.Spans.Where(span => span.Scope == "TsVlm" && span.Name == "run");

        TelemetryTree Trace(TelemetrySpan root) => new(received.Spans, root.Trace);

        int NumTraces() => received.Spans.Select(span => span.Trace).Distinct().Count();
    }
}
