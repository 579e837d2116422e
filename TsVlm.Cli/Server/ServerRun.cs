using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Data.Splits;
using TsVlm.Experiments;

namespace TsVlm.Cli.Server;

/// <summary><c>tsvlm run --server</c>: the same job, done by the services of a server, with the same output here.</summary>
internal sealed class ServerRun(TsVlmClient server, IAnsiConsole console)
{
    /// <summary>Runs the experiment to its end and writes its results; a stop leaves it running on the server.</summary>
    public async Task<int> Run(ExperimentRequest request, OutputFolder output, string commandLine, CancellationToken cancellationToken)
    {
        var (id, _) = await server.Submit(await Submission(request, commandLine, cancellationToken), cancellationToken);
        console.WriteLine($"Experiment {id} at {server.Shown}");
        var monitor = new RunMonitor();
        var experiment = new ServerExperiment(server, id, monitor, TimeProvider.System);
        try
        {
            await experiment.Load(cancellationToken);
            await Follow(experiment, monitor, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var runs = experiment.Runs;
            console.WriteLine($"The experiment goes on at {server.Shown}, with {runs.Count(run => run.Ended)} of {runs.Count} runs ended.");
            console.WriteLine($"The same command comes back to it; tsvlm run --server {server.Shown} --cancel {id} ends it.");
            return CommandErrors.Stopped;
        }
        return await Finish(id, experiment, output, cancellationToken);
    }

    /// <summary>Ends an experiment.</summary>
    public async Task<int> Cancel(string id, CancellationToken cancellationToken)
    {
        var counts = (await server.Cancel(id, cancellationToken)).NumRuns;
        console.WriteLine($"Cancelled {counts.Cancelled} runs of experiment {id}; those that had ended keep their results.");
        var numOpen = counts.Total - counts.Succeeded - counts.Failed - counts.Cancelled;
        if (numOpen > 0) console.WriteLine($"{numOpen} runs go on: the server is about to cancel them, or another experiment wants them.");
        return 0;
    }

    /// <summary>Data sets go by content, so the server's own of the same name do not matter.</summary>
    private async Task<ExperimentSubmission> Submission(ExperimentRequest request, string commandLine, CancellationToken cancellationToken)
    {
        var catalog = new DatasetCatalog(request.DataDirectory);
        var (datasets, problems) = (new List<JsonNode>(), new List<string>());
        foreach (var name in catalog.Select(request.Datasets))
        {
            try
            {
                var dataset = catalog.Open(name);
                if (SplitShares.Note(request.Protocol, Splitter.Split(dataset, request.Protocol, request.Resamples[0])) is { } note)
                    console.MarkupLineInterpolated($"[yellow]note:[/] {name}: {note}");
                datasets.Add(JsonSerializer.SerializeToNode(await Store(dataset, cancellationToken), ContractJson.Compact)!);
            }
            catch (DataException error)
            {
                problems.Add(error.Message);
            }
        }
        if (problems.Count > 0) throw new DataException(string.Join(Environment.NewLine, problems));
        return new()
        {
            Grid = JsonSerializer.SerializeToNode(request.Grid, ContractJson.Compact)!,
            Datasets = datasets,
            Protocol = request.Protocol,
            Resamples = request.Resamples,
            Seeds = request.Seeds,
            Model = request.Model,
            Command = commandLine,
        };
    }

    /// <summary>Brings a data set to the server unless it has it.</summary>
    private async Task<DatasetReference> Store(Dataset dataset, CancellationToken cancellationToken)
    {
        var reference = new DatasetReference(dataset.Name, DatasetFile.ContentHash(dataset));
        if (await server.FindDataset(reference.ContentHash, cancellationToken) is not null) return reference;
        using var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16,
            FileOptions.DeleteOnClose);
        DatasetFile.Write(dataset, file);
        await file.FlushAsync(cancellationToken);
        return await server.StoreDataset(() => new FileStream(file.Name, FileMode.Open, FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete), cancellationToken);
    }

    private async Task Follow(ServerExperiment experiment, RunMonitor monitor, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = experiment.Follow(message => console.MarkupLineInterpolated($"[yellow]{message}[/]"), either.Token);
        try
        {
            await new RunDisplay(console, monitor,
                TimeProvider.System).Follow(() => Task.FromResult(events.IsFaulted ? [] : experiment.Runs), cancellationToken);
            await events;
        }
        finally
        {
            await either.CancelAsync();
            await events.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task<int> Finish(string id, ServerExperiment experiment, OutputFolder output, CancellationToken cancellationToken)
    {
        if (experiment.End!.Report is not StageStatus.Done)
            throw new ServerException(
                $"Experiment {id}: its runs ended, but its report failed: {experiment.End.Reason} The same command tries again.");
        await foreach (var file in server.ReportFiles(id, cancellationToken))
        {
            var root = file.Name.StartsWith(OutputFolder.RunsName + "/", StringComparison.Ordinal) ? output.Path : output.Experiment(id);
            var target = Path.GetFullPath(Path.Combine(root, file.Name));
            if (!target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new ServerException(
                    $"{server.Shown}: expected files of the report, found one that leads out of its folder: {file.Name}. It is not saved.");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await Save(id, file, target, cancellationToken);
        }
        var runs = experiment.Runs;
        var merged = output.Merge(id, [.. runs.Select(run => run.Run)]);
        ResultTable.Write(console, await server.Results(id, cancellationToken).ToListAsync(cancellationToken));
        output.PrintPlaces(console, merged);
        var (numFailed, numCancelled) = (runs.Count(run => run.Failed is not null), runs.Count(run => run.Cancelled));
        if (numFailed > 0) console.WriteLine($"{numFailed} of {runs.Count} runs failed; the report tells why.");
        if (numCancelled > 0) console.WriteLine($"{numCancelled} of {runs.Count} runs were cancelled. The same command runs them again.");
        return numFailed + numCancelled == 0 ? 0 : CommandErrors.Failed;
    }

    /// <summary>Saves a file, checked against the size and hash that the server names; it appears whole or not at all.</summary>
    private async Task Save(string id, ArtifactFile file, string target, CancellationToken cancellationToken)
    {
        var draft = target + ".draft";
        await using (var content = await server.OpenReportFile(id, file.Name, cancellationToken))
        {
            await using var output = File.Create(draft);
            await content.CopyToAsync(output, cancellationToken);
        }
        var found = await ArtifactFile.Of(Path.GetDirectoryName(draft)!, draft, cancellationToken);
        if ((found.Bytes, found.Sha256) != (file.Bytes, file.Sha256))
            throw new ServerException($"{target}: expected {file.Bytes} bytes with SHA-256 {file.Sha256} from {server.Shown}, "
                + $"found {found.Bytes} bytes with {found.Sha256}. Run the command again.");
        File.Move(draft, target, overwrite: true);
    }
}
