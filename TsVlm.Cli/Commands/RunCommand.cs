using System.CommandLine;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Cli.Server;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.Pages.Report;
using TsVlm.Representations.Rationales;
using TsVlm.Scenarios.Experiments;
using TsVlm.Scenarios.State;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm run</c>: the main job, from data sets to a report.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var data = SharedOptions.Data();
        var datasets = SharedOptions.Datasets();
        var scenarios = SharedOptions.Scenarios();
        var protocol = SharedOptions.Protocol();
        var resamples = SharedOptions.Resamples();
        var seeds = SharedOptions.Seeds();
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var output = new Option<string>("--out")
        {
            HelpName = "DIR",
            Description = "Where results.csv, runs/, report.html and the reusable artifacts go; may hold other experiments' already.",
            DefaultValueFactory = _ => "tsvlm-out",
        };
        var (server, apiKey, cancel) = (SharedOptions.Server(), SharedOptions.ApiKey(), SharedOptions.Cancel());
        var rationales = SharedOptions.Rationales();
        var (parallel, rawCsv) = (SharedOptions.Parallel(), SharedOptions.RawCsv());
        var verbose = new Option<bool>("--verbose") { Description = "Logs what the services do to standard error." };
        var command = new Command("run",
            "Trains and evaluates every scenario on every data set, beside the baselines, and writes results and a report.\n\n"
            + "Without options: the built-in data sets and the preset quick, in a few minutes on two cores.\n"
            + "Ctrl-C stops; the same command goes on where it stopped. Exit code 0 only when every run succeeded.\n\n"
            + "Several experiments may share --out: results.csv and the other tables keep the rows of all, where a later run replaces an earlier one of the\n"
            + "same data set, split, seed, scenario and model. report.html is the last one's. experiments/ID/ keeps each one's own tables and report.\n\n"
            + "Examples:\n"
            + "  tsvlm run\n"
            + "  tsvlm run --data archive --datasets GunPoint,BasicMotions --resamples 0..4\n"
            + "  tsvlm run --data archive --scenarios paper --protocol 80-10-10 --model llava-1.5-7b-hf\n"
            + "  tsvlm run --server http://localhost:8080 --data archive --datasets GunPoint")
        {
            data, datasets, scenarios, protocol, resamples, seeds, model, device, parallel, rationales, output, rawCsv, verbose, server, apiKey,
            cancel,
        };
        SharedOptions.RefuseBeside(command, server, device, parallel, verbose);
        SharedOptions.RefuseBeside(command, cancel, data, datasets, scenarios, protocol, resamples, seeds, model, rationales, output,
            rawCsv);
        command.Validators.Add(result =>
        {
            if (result.GetResult(rationales) is { Implicit: false } && result.GetResult(server) is { Implicit: false })
                result.AddError("--rationales with --server is not supported: run here, or let the scenarios write theirs from contrasts.");
        });
        SharedOptions.RefuseWithout(command, server, apiKey, cancel);
        command.Run(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(server) is { } url && parsed.GetValue(cancel) is { } id)
            {
                using var client = ServerConnection.Open(url, parsed.GetValue(apiKey));
                return await ServerConnection.Explained(() => new ServerRun(client, AnsiConsole.Console).Cancel(id, cancellationToken));
            }
            var request = new ExperimentRequest
            {
                DataDirectory = parsed.GetValue(data),
                Datasets = parsed.GetValue(datasets)!,
                Grid = ScenarioPresets.Open(parsed.GetValue(scenarios)!),
                Protocol = parsed.GetValue(protocol)!,
                Resamples = parsed.GetValue(resamples)!,
                Seeds = parsed.GetValue(seeds)!,
                Model = parsed.GetValue(model)!,
                Rationales = parsed.GetValue(rationales) is { } file ? RationaleFile.Read(file) : null,
            };
            if (parsed.GetValue(server) is { } address)
            {
                using var client = ServerConnection.Open(address, parsed.GetValue(apiKey));
                using var target = new OutputFolder(parsed.GetValue(output)!, parsed.GetValue(rawCsv));
                SharedTables.Check(target.Path);
                return await ServerConnection.Explained(() => new ServerRun(client, AnsiConsole.Console).Run(request, target,
                    CommandLine.Quote(parsed, apiKey), cancellationToken));
            }
            var found = ComputeDevice.Open(parsed.GetValue(device)!);
            var (start, expanded) = (ModelFolder.Open(request.Model), GridExpansion.Of(request.Grid).Scenarios);
            ModelStart.Check(start, [.. expanded.Select(scenario => scenario.Recipe)]);
            var share = MachineShare.Of(request, expanded.Count, LlavaConfig.Read(start.Path), found, parsed.GetValue(parallel),
                Environment.ProcessorCount);
            using var folder = new OutputFolder(parsed.GetValue(output)!, parsed.GetValue(rawCsv));
            SharedTables.Check(folder.Path);
            try
            {
                return await Run(request, folder, found.Name, share, parsed.GetValue(verbose), CommandLine.Quote(parsed),
                    cancellationToken);
            }
            catch (Exception error) when (folder.Explain(error) is { } explained)
            {
                throw explained;
            }
        });
        return command;
    }

    private static async Task<int> Run(ExperimentRequest request, OutputFolder output, string device, MachineShare share, bool verbose,
        string commandLine, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Console;
        var monitor = new RunMonitor();
        using var host = LocalSystem.Build(output, monitor, device, share, verbose);
        var services = host.Services;
        var experiments = services.GetRequiredService<ExperimentStore>();
        await services.GetRequiredService<RunTransactions>().Open(cancellationToken);
        await experiments.Suspend(cancellationToken);
        await using var system = await RunningSystem.Start(host, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, system.Ended);

        Experiment experiment;
        IReadOnlyList<RunStatus> statuses;
        var stopped = false;
        try
        {
            experiment = await services.GetRequiredService<Launcher>().Launch(request, either.Token);
            foreach (var note in experiment.Notes) console.MarkupLineInterpolated($"[yellow]note:[/] {note}");
            try
            {
                var display = new RunDisplay(console, monitor, TimeProvider.System);
                statuses = await display.Follow(() => experiments.Runs(experiment.Id, either.Token), either.Token);
            }
            // Ctrl-C reaches the host too, and may end it before this command hears of it.
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || system.Failure is null)
            {
                stopped = true;
                console.MarkupLine("[yellow]Stopping …[/]");
                statuses = await experiments.Runs(experiment.Id, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && system.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
            throw;
        }
        await system.Stop();

        var summary = new ExperimentSummary(request.Grid.Name,
            commandLine, [.. request.Facts(), new("device", device), share.Fact], [.. statuses.Select(status => status.Outcome)]);
        var results = await services.GetRequiredService<ExperimentOutput>()
            .Write(summary, RunStatus.TraceParentsOf(statuses), output.Experiment(experiment.Id), output.Runs, CancellationToken.None);
        var merged = output.Merge(experiment.Id, [.. statuses.Select(status => status.Run)]);
        if (statuses.All(status => status.Ended))
            await services.GetRequiredService<ReportStore>().MarkWritten(experiment.Id, CancellationToken.None);
        ResultTable.Write(console, results);
        output.PrintPlaces(console, merged);
        if (stopped)
        {
            console.WriteLine($"Stopped with {statuses.Count(s => s.Succeeded)} of {statuses.Count} runs finished. The same command goes on from here.");
            return CommandErrors.Stopped;
        }
        var numFailed = statuses.Count(s => s.Failed is not null);
        if (numFailed == 0) return 0;
        console.WriteLine($"{numFailed} of {statuses.Count} runs failed; the report tells why.");
        return CommandErrors.Failed;
    }
}
