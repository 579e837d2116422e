using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Pages.Report;
using TsVlm.Telemetry;

namespace TsVlm.Evaluator;

/// <summary>Makes results and report of an experiment an artifact.</summary>
public sealed class ExperimentReports(IArtifactStore artifacts, ExperimentOutput output)
{
    /// <summary>Writes them, unless they are in the store.</summary>
    public async Task<ExperimentReported> Run(ReportExperiment command, CancellationToken cancellationToken)
    {
        using var span = RunTraces.Start(TelemetryNames.Report);
        span?.SetTag(TelemetryNames.ExperimentId, command.ExperimentId);
        try
        {
            return await Write(command, cancellationToken);
        }
        catch (Exception error)
        {
            span.Fail(error, ErrorText.Of(error));
            throw;
        }
    }

    private async Task<ExperimentReported> Write(ReportExperiment command, CancellationToken cancellationToken)
    {
        var key = ArtifactKeys.Report(command.Summary);
        if (await artifacts.Find(key, cancellationToken) is null)
        {
            var folder = artifacts.CreateWorkFolder();
            await output.Write(command.Summary, command.TraceParents, folder, cancellationToken);
            await artifacts.Publish(key, folder, cancellationToken);
        }
        return new(command.ExperimentId, key) { Generation = command.Generation };
    }
}
