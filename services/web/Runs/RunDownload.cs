using System.Text.Json;
using TsVlm.Artifacts;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;

namespace TsVlm.Web.Runs;

/// <summary>The few files of a finished run that a page shows, fetched from the server for the time of reading them.</summary>
internal static class RunDownload
{
    private const string Evaluation = "evaluation";
    private const string Checkpoint = "checkpoint";
    private const string Samples = "samples";

    private static readonly (string Kind, string[] Files)[] OfBaseline =
        [(Evaluation, [ArtifactFiles.Result, ArtifactFiles.Metrics, ArtifactFiles.Predictions, StageFacts.FileName])];

    private static readonly (string Kind, string[] Files)[] OfModel =
    [
        (Evaluation, [ArtifactFiles.Result, ArtifactFiles.Metrics, ArtifactFiles.Predictions, ArtifactFiles.Examples, StageFacts.FileName]),
        (Checkpoint, [ArtifactFiles.TrainingLog, StageFacts.FileName]),
        (Samples, [ArtifactFiles.SamplesReport, StageFacts.FileName]),
    ];

    /// <summary>The run as the report shows it.</summary>
    public static async Task<ReportRun> Read(TsVlmClient client, string id, RunSpec run, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("tsvlm-web-");
        try
        {
            foreach (var (kind, files) in run.Baseline is null ? OfModel : OfBaseline)
            {
                var target = folder.CreateSubdirectory(kind).FullName;
                foreach (var file in files) await Save(client, id, kind, file, target, cancellationToken);
            }
            string Of(string kind) => Path.Combine(folder.FullName, kind);
            return new RunFiles(run, Of(Evaluation), run.Baseline is null ? Of(Checkpoint) : null, run.Baseline is null ? Of(Samples) : null).ToReport();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The metrics of a finished run.</summary>
    public static async Task<RunResult> Result(TsVlmClient client, string id, CancellationToken cancellationToken)
    {
        await using var content = await client.OpenRunFile(id, Evaluation, ArtifactFiles.Result, cancellationToken);
        return await JsonSerializer.DeserializeAsync<RunResult>(content, ContractJson.Indented, cancellationToken)
            ?? throw new ServerException($"{id}: expected the metrics of a run, found null. Retry the experiment.");
    }

    /// <summary>The predictions of a finished run, a row a test case.</summary>
    public static async Task<IReadOnlyList<PredictedCase>> Predictions(TsVlmClient client, string id, CancellationToken cancellationToken)
    {
        await using var content = await client.OpenRunFile(id, Evaluation, ArtifactFiles.Predictions, cancellationToken);
        using var reader = new StreamReader(content);
        return PredictedCase.Read(await reader.ReadToEndAsync(cancellationToken));
    }

    private static async Task Save(TsVlmClient client, string id, string kind, string file, string folder, CancellationToken cancellationToken)
    {
        await using var content = await client.OpenRunFile(id, kind, file, cancellationToken);
        await using var target = File.Create(Path.Combine(folder, file));
        await content.CopyToAsync(target, cancellationToken);
    }
}
