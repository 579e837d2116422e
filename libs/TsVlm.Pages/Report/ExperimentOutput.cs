using System.Diagnostics;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Telemetry;

namespace TsVlm.Pages.Report;

/// <summary>Writes what a user takes home: results.csv, the tables of confidence, a folder for each run, and the report.</summary>
public sealed class ExperimentOutput(IArtifactStore artifacts, TimeProvider clock)
{
    /// <summary>Writes the results of every finished run, and a report that tells of the others too.</summary>
    /// <param name="experiment">What is written.</param>
    /// <param name="traceParents">Where the traces of runs go on, by their ids: each gets a span for its part.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The rows of results.csv.</returns>
    public Task<IReadOnlyList<RunResult>> Write(
        ExperimentSummary experiment, IReadOnlyDictionary<string, string> traceParents, string folder,
        CancellationToken cancellationToken) =>
        Write(experiment, traceParents, folder, Path.Combine(folder, "runs"), cancellationToken);

    /// <summary>The same, with the folders of the runs elsewhere.</summary>
    public async Task<IReadOnlyList<RunResult>> Write(
        ExperimentSummary experiment, IReadOnlyDictionary<string, string> traceParents, string folder, string runsFolder,
        CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var reportRuns = new List<ReportRun>();
        foreach (var outcome in experiment.Runs)
        {
            using var span = RunTraces.Continue(TelemetryNames.Report, traceParents.GetValueOrDefault(outcome.Run.Id), outcome.Run);
            if (outcome.FailedStage is { } stage)
            {
                span?.SetStatus(ActivityStatusCode.Error, outcome.Reason);
                reportRuns.Add(new ReportRun { Run = outcome.Run, Failure = new(stage, outcome.Reason!) });
                continue;
            }
            var files = await RunFiles.Fetch(artifacts, outcome.Run, cancellationToken);
            files.CopyTo(Path.Combine(runsFolder, outcome.Run.Id));
            reportRuns.Add(files.ToReport());
        }

        List<RunResult> results = [.. reportRuns.Select(run => run.Result).OfType<RunResult>()];
        Replace(Path.Combine(folder, ArtifactFiles.Results), output => ResultsCsv.Write(output, results));
        foreach (var (name, write) in ConfidenceCsv.Files) Replace(Path.Combine(folder, name), output => write(output, reportRuns));
        Replace(Path.Combine(folder, ArtifactFiles.ReportPage), output => HtmlReport.Write(Report(experiment, reportRuns), output));
        return results;
    }

    private ReportData Report(ExperimentSummary experiment, IReadOnlyList<ReportRun> runs) => new()
    {
        Title = experiment.Title,
        Created = clock.GetLocalNow(),
        Command = experiment.CommandLine,
        Settings = experiment.Settings,
        CodeVersion = RunCard.ThisCode,
        Machine = MachineFacts.Describe(),
        Runs = runs,
    };

    /// <summary>A reader sees the old file or the new one, never half of one.</summary>
    private static void Replace(string path, Action<TextWriter> write)
    {
        var draft = path + ".draft";
        using (var output = new StreamWriter(draft)) write(output);
        File.Move(draft, path, overwrite: true);
    }
}
