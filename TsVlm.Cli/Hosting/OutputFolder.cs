using Spectre.Console;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Evaluation.Results;
using TsVlm.Messaging;
using TsVlm.Scenarios.State;

namespace TsVlm.Cli.Hosting;

/// <summary>The folder of one or more experiments: their artifacts, run state and results. One process at a time.</summary>
internal sealed class OutputFolder : IDisposable
{
    public const string RunStateName = "runs.db";
    public const string RunsName = "runs";
    private readonly FileStream held;
    private readonly bool isRaw;

    /// <param name="path">The folder; made where it is missing.</param>
    /// <param name="isRaw">Whether its tables are to be raw CSV.</param>
    /// <exception cref="IOException">It cannot be written, or another process works in it.</exception>
    public OutputFolder(string path, bool isRaw = false)
    {
        this.isRaw = isRaw;
        WritableFolder.Require(path, "--out");
        Path = System.IO.Path.GetFullPath(path);
        var lockPath = System.IO.Path.Combine(Path, ".lock");
        try
        {
            held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException error) when (!Failures.IsDiskFull(error))
        {
            throw new IOException(
                $"{lockPath}: another tsvlm is working in this folder. Wait for it, or choose another folder with --out.");
        }
    }

    public string Path { get; }

    public string Artifacts => System.IO.Path.Combine(Path, "artifacts");

    public string RunState => System.IO.Path.Combine(Path, RunStateName);

    public string Runs => System.IO.Path.Combine(Path, RunsName);

    /// <summary>The folder of an experiment's own tables and report.</summary>
    public string Experiment(string id) => System.IO.Path.Combine(Experiments, id);

    private string Experiments => System.IO.Path.Combine(Path, "experiments");

    /// <summary>Brings the results of an experiment into the folder's tables, and its report to the top.</summary>
    public MergedRows Merge(string experimentId, IReadOnlyList<RunSpec> runs)
    {
        if (isRaw)
        {
            var folders = runs.Select(run => System.IO.Path.Combine(Runs, run.Id)).Append(Experiment(experimentId));
            foreach (var table in folders.Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "*.csv")))
                RawCsv.Convert(table);
        }
        var merged = SharedTables.Merge(Path, Experiment(experimentId), runs, isRaw);
        var report = System.IO.Path.Combine(Path, ArtifactFiles.ReportPage);
        File.Copy(System.IO.Path.Combine(Experiment(experimentId), ArtifactFiles.ReportPage), report + ".draft", overwrite: true);
        File.Move(report + ".draft", report, overwrite: true);
        return merged;
    }

    /// <summary>Says where the results are, and what became of those of other experiments.</summary>
    public void PrintPlaces(IAnsiConsole console, MergedRows merged)
    {
        console.WriteLine($"Results: {System.IO.Path.Combine(Path, ArtifactFiles.Results)}");
        console.WriteLine($"Report:  {System.IO.Path.Combine(Path, ArtifactFiles.ReportPage)}");
        if (merged.NumKept > 0)
            console.WriteLine($"results.csv also keeps {merged.NumKept} rows of other experiments. Each one's own tables and report: {Experiments}");
        if (merged.NumReplaced > 0)
            console.WriteLine($"{merged.NumReplaced} earlier rows of the same names were replaced. They are still in: {Experiments}");
    }

    /// <summary>
    /// What ended the work in this folder, in words for people: the disk is full, or the run state is damaged; null for another reason.
    /// </summary>
    public Exception? Explain(Exception error)
    {
        if (Failures.DiskFullCause(error) is { } full)
            return new IOException($"{Path}: expected room on the disk to write to, found none ({full.Message.Trim()}) "
                + "Free some space, then run the same command: it continues from what is finished.", error);
        return RunStateException.Damage(RunState, error);
    }

    public void Dispose() => held.Dispose();
}
