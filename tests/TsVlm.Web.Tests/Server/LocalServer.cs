using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Cli.Hosting;
using TsVlm.Client;
using TsVlm.Contracts.Http;
using TsVlm.Data.Generators;
using TsVlm.Experiments;
using TsVlm.Scenarios.State;
using TsVlm.Tests;
using TsVlm.Web.Tests.Server;

[assembly: AssemblyFixture(typeof(LocalServer))]

namespace TsVlm.Web.Tests.Server;

/// <summary>The services and their API in this process, over one small data set, with one experiment that has ended.</summary>
public sealed class LocalServer : IAsyncLifetime
{
    public const string Key = "key-of-the-tests";
    public const string Dataset = "Shapes";

    /// <summary>A class whose name is a script.</summary>
    public const string HostileLabel = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";

    private readonly TemporaryFolder folder = new();
    private OutputFolder? output;
    private WebApplication? app;
    private TsVlmClient? client;

    internal TsVlmClient Client => client!;

    internal IServiceProvider Services => app!.Services;

    internal Uri Address => new(app!.Urls.First());

    /// <summary>The experiment that has ended: a probe and a baseline.</summary>
    internal string Experiment { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        WriteData(folder.File("data"));
        output = new OutputFolder(folder.File("out"));
        app = LocalSystem.BuildServer(output, new DatasetCatalog(folder.File("data")), Key, "cpu", new MachineShare(2, 1), verbose: false);
        await app.Services.GetRequiredService<RunTransactions>().Open(CancellationToken.None);
        await app.StartAsync();
        client = new(Address, Key, TimeProvider.System);
        Experiment = (await client.Submit(Submission, CancellationToken.None)).Id;
        await foreach (var _ in client.Follow(Experiment, CancellationToken.None)) { }
    }

    /// <summary>A probe on the embedded model and a baseline.</summary>
    internal static ExperimentSubmission Submission => new()
    {
        Grid = System.Text.Json.Nodes.JsonNode.Parse("""
            {
              "name": "shapes by probe", "baselines": ["1nn-ed"],
              "scenarios": [ { "name": "probe", "representation": { "arm": "image", "text": "NONE", "image": "zoom-mosaic" }, "recipe": { "readOut": "tower-probe", "trained": "full" } } ]
            }
            """)!,
        Datasets = [Dataset],
    };

    /// <summary>Writes a few cases of the built-in CBF as files; one class has a name that a careless page would run.</summary>
    internal static void WriteData(string path)
    {
        Directory.CreateDirectory(path);
        var cases = BuiltInDatasets.Generate("CBF").Cases;
        foreach (var (part, first, count) in (ReadOnlySpan<(string, int, int)>)[("TRAIN", 0, 48), ("TEST", 48, 18)])
        {
            var lines = cases.Skip(first).Take(count).Select(c =>
                $"{Label(c.Label)},{string.Join(',', c.Series.Channel(0).ToArray().Select(v => v.ToString("0.000", CultureInfo.InvariantCulture)))}");
            File.WriteAllLines(Path.Combine(path, $"{Dataset}_{part}.csv"),
                [$"label,{string.Join(',', Enumerable.Range(0, 128).Select(t => $"t{t}"))}", .. lines]);
        }
    }

    private static string Label(string label) => label == "bell" ? $"\"{HostileLabel.Replace("\"", "\"\"")}\"" : label;

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        output?.Dispose();
        folder.Dispose();
    }
}
