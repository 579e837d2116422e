using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TsVlm.Cli.Display;
using TsVlm.Evaluation.Results;
using TsVlm.ServiceDefaults;
using TsVlm.ServiceDefaults.Telemetry;
using TsVlm.Serving;
using TsVlm.Serving.Hosting;
using TsVlm.Serving.Models;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm serve</c>: trained models behind HTTP and gRPC.</summary>
internal static class ServeCommand
{
    private const string DefaultUrl = "http://127.0.0.1:8000";

    public static Command Create()
    {
        var checkpoints = new Option<string[]>("--checkpoint")
        {
            HelpName = "DIR", Required = true, Description = "A run's folder (tsvlm-out/runs/RUN), or a checkpoint's own; once for each model.",
        };
        var names = new Option<string[]>("--name")
        {
            HelpName = "NAME", Description = "What requests call the model, for each --checkpoint in order; its folder's name where none is given.\n"
                + "Models of one name are its versions 1, 2 and so on.",
        };
        var url = new Option<string>("--url")
        {
            HelpName = "URL", Description = "Where requests are taken; port 0 takes a free one.", DefaultValueFactory = _ => DefaultUrl,
        };
        var grpcUrl = new Option<string?>("--grpc-url")
        {
            HelpName = "URL", Description = "Where gRPC requests are taken, on a port of its own, such as http://127.0.0.1:8001; nowhere if not given.",
        };
        var device = SharedOptions.Device();
        var byDefault = new ServingSettings();
        var atOnce = NumberOptions.Whole("--at-once", "Passes that are computed at a time, each on one thread.", byDefault.AtOnce, 1, 256);
        var maxBatch = NumberOptions.Whole("--max-batch", "Most series of a pass; fewer where more would change the bits of answers.",
            byDefault.MaxBatch, 1, 256);
        var maxWait = NumberOptions.Real("--max-wait-ms", "How long a series waits for others of its pass; 0 takes those that wait already.",
            byDefault.MaxWait.TotalMilliseconds, 0, 10_000);
        var maxQueue = NumberOptions.Whole("--max-queue", "Series of a model that are admitted at a time; more are refused with status 429.",
            byDefault.MaxQueue, 1, 1_000_000);
        var maxSteps = NumberOptions.Whole("--max-steps", "Most time steps of a series.", byDefault.MaxSteps, 1, 10_000_000);
        var maxBody = NumberOptions.Whole("--max-body-mb", "Largest body of a request, in MB.", byDefault.MaxBodyBytes >> 20, 1, 1024);
        var maxStreams = NumberOptions.Whole("--max-streams", "Streams that are open at a time; a start beyond it is refused with status 429.",
            byDefault.MaxStreams, 1, 1_000_000);
        var maxStreamMemory = NumberOptions.Whole("--max-stream-mb", "Memory of all open streams together, in MB; as above.",
            (int)(byDefault.MaxStreamBytes >> 20), 1, 1 << 20);
        var streamIdle = NumberOptions.Real("--stream-idle-s", "Seconds without a piece after which a stream is dropped.",
            byDefault.StreamIdleTimeout.TotalSeconds, 1, 1_000_000);
        var command = new Command("serve",
            "Serves trained models over HTTP and gRPC, by the Open Inference Protocol (KServe, Triton), by a plain JSON call, and for\n"
            + "streams of samples by POST and WebSocket.\n\n"
            + "Examples:\n  tsvlm serve --checkpoint tsvlm-out/runs/CBF.official-0.s0.probe.1a2b3c4d --name shapes\n"
            + "  curl -d '{\"series\": [[[0.1, 0.4, null, 1.2]]]}' http://127.0.0.1:8000/classify/shapes")
        {
            checkpoints, names, url, grpcUrl, device, atOnce, maxBatch, maxWait, maxQueue, maxSteps, maxBody, maxStreams, maxStreamMemory, streamIdle,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            var settings = new ServingSettings
            {
                AtOnce = parsed.GetValue(atOnce),
                MaxBatch = parsed.GetValue(maxBatch),
                MaxWait = TimeSpan.FromMilliseconds(parsed.GetValue(maxWait)),
                MaxQueue = parsed.GetValue(maxQueue),
                MaxSeries = Math.Min(byDefault.MaxSeries, parsed.GetValue(maxQueue)),
                MaxSteps = parsed.GetValue(maxSteps),
                MaxBodyBytes = parsed.GetValue(maxBody) << 20,
                MaxStreams = parsed.GetValue(maxStreams),
                MaxStreamBytes = (long)parsed.GetValue(maxStreamMemory) << 20,
                StreamIdleTimeout = TimeSpan.FromSeconds(parsed.GetValue(streamIdle)),
            };
            var sources = Sources(parsed.GetValue(checkpoints)!, parsed.GetValue(names) ?? []);
            foreach (var source in sources) await CheckpointLocation.Resolve(source.Folder, cancellationToken);   // before a port is taken
            var (listensAt, grpcAt) = (CheckedUrl("--url", parsed.GetValue(url)!), parsed.GetValue(grpcUrl) is { } grpc ? CheckedUrl("--grpc-url", grpc) : null);
            if (grpcAt is not null && (new Uri(grpcAt).Port == 0 || new Uri(grpcAt).Port == new Uri(listensAt).Port))
                throw new SettingException($"--grpc-url: expected a port other than 0 and that of --url, found '{grpcAt}'.");
            await using var app = ServingHost.Build(listensAt, grpcAt, sources, ComputeDevice.Open(parsed.GetValue(device)!), settings,
                VersionLine.Version, builder => builder.AddTelemetry());
            await Serve(app, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task Serve(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException error) when (error.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new SettingException($"--url, --grpc-url: expected free addresses, found one in use: {error.Message}");
        }
        try
        {
            Console.WriteLine($"Listening on {string.Join(", ", app.Urls)}, loading models.");
            await app.Services.GetRequiredService<ModelRepository>().LoadAll(cancellationToken);
            Console.WriteLine("Ready.");
            await app.WaitForShutdownAsync(cancellationToken);   // Ctrl-C ends the wait, and SIGTERM
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static IReadOnlyList<ModelSource> Sources(string[] folders, string[] names)
    {
        if (names.Length > 0 && names.Length != folders.Length)
            throw new SettingException($"--name: expected as many names as there are checkpoints, {folders.Length}, found {names.Length}.");
        var models = folders.Index().Select(folder => (Name: names.Length > 0 ? names[folder.Index] : NameOf(folder.Item), Folder: folder.Item)).ToList();
        if (models.Find(model => !ModelSource.IsName(model.Name)) is { Name: not null } wrong)
            throw new SettingException(
                $"--name: expected up to {ModelSource.MaxNameLength} letters, digits, dots, hyphens and underscores, found '{wrong.Name}'.");
        return ModelSource.Of(models);
    }

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static string CheckedUrl(string option, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri is { AbsolutePath: "/", Query: "" }
            ? url : throw new SettingException($"{option}: expected an address such as {DefaultUrl}, found '{url}'.");
}
