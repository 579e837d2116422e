using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Spectre.Console;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Folders;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Scenarios.State;
using TsVlm.ServiceDefaults;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm gc</c>: gives back the room of what no experiment refers to.</summary>
internal static class GcCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { HelpName = "DIR", Description = "The folder of tsvlm run to clean.",
            DefaultValueFactory = _ => "tsvlm-out" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only prints what would be removed, and how many MB." };
        var keepDays = NumberOptions.Whole("--keep-days",
            "First forgets the experiments that were asked for more than N days ago; 0 forgets all.", 0, 100_000);
        var experiment = new Option<string?>("--experiment") { HelpName = "ID",
            Description = "First forgets this experiment; --dry-run lists them." };
        var minAge = NumberOptions.Whole(
            "--min-age-hours", "Leaves alone what was written in the last N hours: in a folder 0, of services 24, where it is not said.", 0,
            100_000);
        var services = new Option<bool>("--services")
        {
            Description = "Cleans the store and the run state of running services, which the environment names as theirs does: ConnectionStrings__blobs, ConnectionStrings__runs.",
        };
        var command = new Command("gc",
            "Removes the samples, checkpoints, evaluations, data sets, run folders and unfinished work that no experiment refers to any more.\n\n"
            + "Every tsvlm run with other settings is another experiment, and all are kept until you have them forgotten, with --keep-days or --experiment. What\n"
            + "several experiments share stays as long as one of them does. In a folder the tables, report.html and experiments/ stay. "
            + "Snapshots of a training that was stopped stay with\n"
            + "its experiment. A forgotten experiment can be run again, from the start. Of services, an experiment under way is never forgotten.\n\n"
            + "Examples:\n  tsvlm gc --dry-run\n  tsvlm gc --keep-days 30\n  tsvlm gc --experiment 1a2b3c4d5e6f7a8b --dry-run\n  tsvlm gc --services --keep-days 30 --dry-run")
        {
            output, services, dryRun, keepDays, experiment, minAge,
        };
        SharedOptions.RefuseBeside(command, services, output);
        command.Run(async (parsed, cancellationToken) =>
        {
            var isOfServices = parsed.GetValue(services);
            var settings = new RetentionSettings
            {
                Forget = parsed.GetValue(experiment),
                KeepFor = parsed.GetValue(keepDays) is { } days ? TimeSpan.FromDays(days) : null,
                MinAge = TimeSpan.FromHours(parsed.GetValue(minAge) ?? (isOfServices ? 24 : 0)),
                NothingIsUnderWay = !isOfServices,   // the folder is held
                DryRun = parsed.GetValue(dryRun),
            };
            if (isOfServices) await CleanServices(settings, cancellationToken);
            else await CleanFolder(parsed.GetValue(output)!, settings, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task CleanFolder(string path, RetentionSettings settings, CancellationToken cancellationToken)
    {
        // Without the run state nothing is known to be referred to, and everything would go.
        if (!File.Exists(Path.Combine(path, OutputFolder.RunStateName)))
            throw new IOException(
                $"{Path.GetFullPath(path)}: expected the folder of a tsvlm run (with {OutputFolder.RunStateName}), found none. Name it with --out.");
        using var folder = new OutputFolder(path);
        var store = new FolderArtifactStore(folder.Artifacts);
        var databases = new PooledDbContextFactory<RunDatabase>(
            new DbContextOptionsBuilder<RunDatabase>().UseSqlite($"Data Source={folder.RunState}").Options);
        await new RunTransactions(databases).Open(cancellationToken);
        if (!settings.DryRun) store.RemoveWork();
        var result = await new ArtifactRetention(databases, store, TimeProvider.System).Run(settings, cancellationToken);
        Print(result, settings.DryRun);
        var folders = await RunFolders(folder, databases, result, cancellationToken);
        foreach (var run in settings.DryRun ? [] : folders) Directory.Delete(run, recursive: true);
        PrintRemoved(result, settings.DryRun, folders.Count);
    }

    private static async Task CleanServices(RetentionSettings settings, CancellationToken cancellationToken)
    {
        var environment = new Settings(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        var databases = await RunDatabaseHosting.Open(environment, cancellationToken);
        var work = Directory.CreateTempSubdirectory("tsvlm-gc-");
        try
        {
            var result = await new ArtifactRetention(databases, ArtifactHosting.Open(environment, work.FullName),
                TimeProvider.System).Run(settings, cancellationToken);
            Print(result, settings.DryRun);
            PrintRemoved(result, settings.DryRun, numFolders: 0);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static void PrintRemoved(RetentionResult result, bool isDryRun, int numFolders)
    {
        var did = isDryRun ? "Would remove" : "Removed";
        foreach (var kind in result.Removed.GroupBy(KindOf).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            Console.WriteLine($"{did} {kind.Key}: {kind.Count()} ({Megabytes(kind.Sum(part => part.Bytes))} MB)");
        if (numFolders > 0) Console.WriteLine($"{did} run folders: {numFolders}");
        Console.WriteLine($"{did} {Megabytes(result.Removed.Sum(part => part.Bytes))} MB in all; {Megabytes(result.BytesKept)} MB are referred to or too young.");
    }

    /// <summary>Folders of runs that no experiment has; what else lies there is not ours.</summary>
    private static async Task<IReadOnlyList<string>> RunFolders(
        OutputFolder folder, PooledDbContextFactory<RunDatabase> databases, RetentionResult result, CancellationToken cancellationToken)
    {
        var root = Path.Combine(folder.Path, "runs");
        if (!Directory.Exists(root)) return [];
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var kept = result.Experiments.Where(e => !e.IsForgotten).Select(e => e.Id).ToList();
        var runs = (await database.Set<ExperimentRunRow>().Where(r => kept.Contains(r.ExperimentId)).Select(r => r.RunId)
            .ToListAsync(cancellationToken)).ToHashSet();
        return [.. Directory.GetDirectories(root)
            .Where(run => File.Exists(Path.Combine(run, RunCard.FileName)) && !runs.Contains(Path.GetFileName(run)))];
    }

    private static void Print(RetentionResult result, bool isDryRun)
    {
        var table = new FittedTable(new("experiment"), new("asked for"), new("runs", IsNumber: true), new(""));
        foreach (var experiment in result.Experiments)
        {
            table.AddRow(experiment.Id, experiment.CreatedUtc.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                experiment.NumRuns.ToString(CultureInfo.InvariantCulture), experiment.IsForgotten ? isDryRun
                ? "would be forgotten" : "forgotten" : "kept");
        }
        table.Write(AnsiConsole.Console);
    }

    private static string KindOf(StoredPart part) => part.Kind switch
    {
        StoredPartKind.Snapshots => "sets of snapshots",
        StoredPartKind.Leftover => "unfinished attempts",
        _ when part.Key.Kind is ArtifactKind.Samples or ArtifactKind.Rationales => $"sets of {part.Key.Kind.ToString().ToLowerInvariant()}",
        _ => $"{part.Key.Kind.ToString().ToLowerInvariant()}s",
    };

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture);
}
