using System.CommandLine;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Evaluation.Results;
using TsVlm.Experiments;
using TsVlm.Scenarios.State;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm web</c>: the web pages over the four services in this process.</summary>
internal static class WebCommand
{
    private const int UsualPort = 5080;
    private const int MaxPort = 65535;

    public static Command Create()
    {
        var data = SharedOptions.Data();
        var output = new Option<string>("--out")
        {
            HelpName = "DIR",
            Description = "Where experiments, reports and the reusable artifacts are kept; may hold those of tsvlm run.",
            DefaultValueFactory = _ => "tsvlm-out",
        };
        var port = NumberOptions.Whole("--port", $"Port of this machine. Without it {UsualPort}, or another one if that is taken.", 1, MaxPort);
        var rationales = new Option<string>("--rationales")
        {
            HelpName = "DIR", Description = "Folder of the files of tsvlm rationales that the pages let you accept, edit and reject.",
            DefaultValueFactory = _ => ".",
        };
        var (device, parallel) = (SharedOptions.Device(), SharedOptions.Parallel());
        var noBrowser = new Option<bool>("--no-browser") { Description = "Prints the address and opens no browser." };
        var verbose = new Option<bool>("--verbose") { Description = "Logs what the services do to standard error." };
        var command = new Command("web",
            "Shows web pages to start experiments, watch them and read their results, and does their work in this process.\n\n"
            + "Only this machine can reach the pages. Ctrl-C stops; the same command goes on with experiments that were not finished.\n\n"
            + "Examples:\n"
            + "  tsvlm web\n"
            + "  tsvlm web --data archive --out archive-out")
        {
            data, output, port, rationales, device, parallel, noBrowser, verbose,
        };
        command.Run(async (parsed, cancellationToken) =>
        {
            var catalog = new DatasetCatalog(parsed.GetValue(data));
            catalog.Select([]);   // a folder without data sets is refused at once
            var ofRationales = Path.GetFullPath(parsed.GetValue(rationales)!);
            if (!Directory.Exists(ofRationales))
                throw new IOException($"--rationales {parsed.GetValue(rationales)}: expected a folder, found none. Name another one, or leave the option out.");
            var found = ComputeDevice.Open(parsed.GetValue(device)!);
            var share = MachineShare.Of(found, parsed.GetValue(parallel), Environment.ProcessorCount);
            using var folder = new OutputFolder(parsed.GetValue(output)!);
            SharedTables.Check(folder.Path);
            var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            try
            {
                await using var server = LocalSystem.BuildServer(folder, catalog, key, found.Name, share, parsed.GetValue(verbose));
                await server.Services.GetRequiredService<RunTransactions>().Open(cancellationToken);
                // tsvlm run writes its reports into the folder only.
                await server.Services.GetRequiredService<ReportStore>().ReopenWritten(cancellationToken);
                await using var system = await RunningSystem.Start(server, cancellationToken);
                await using var pages = await Start(new Uri(server.Urls.First()), key, parsed.GetValue(port), parsed.GetValue(verbose), ofRationales,
                    cancellationToken);
                var address = pages.Urls.First();
                AnsiConsole.Console.WriteLine($"Pages:   {address}");
                AnsiConsole.Console.WriteLine($"Folder:  {folder.Path}");
                AnsiConsole.Console.WriteLine("Ctrl-C stops.");
                if (!parsed.GetValue(noBrowser)) Browser.TryOpen(address);
                await Ended(system.Ended, cancellationToken);
                await pages.StopAsync(CancellationToken.None);
                await system.Stop();
                if (!cancellationToken.IsCancellationRequested && system.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
                return 0;
            }
            catch (Exception error) when (folder.Explain(error) is { } explained)
            {
                throw explained;
            }
        });
        return command;
    }

    /// <summary>Starts the pages on the port that is asked for, or on the usual one if that is free, or on any.</summary>
    private static async Task<WebApplication> Start(Uri server, string key, int? port, bool verbose, string rationales,
        CancellationToken cancellationToken)
    {
        var pages = LocalPages.Build(server, key, port ?? UsualPort, verbose, rationales);
        try
        {
            await pages.StartAsync(cancellationToken);
            return pages;
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            await pages.DisposeAsync();
            if (port is not null)
                throw new IOException($"--port {port}: expected a free port, found one in use. Name another one, or leave the option out.");
        }
        pages = LocalPages.Build(server, key, 0, verbose, rationales);
        await pages.StartAsync(cancellationToken);
        return pages;
    }

    /// <summary>Waits for Ctrl-C, or until the system cannot go on.</summary>
    private static async Task Ended(CancellationToken system, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(system, cancellationToken);
        await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
