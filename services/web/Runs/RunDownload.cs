using System.Globalization;
using System.Text.Json;
using TsVlm.Artifacts;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
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

    /// <summary>What the model of a finished run wrote of each test case before it answered; null where it writes nothing.</summary>
    public static async Task<IReadOnlyDictionary<int, string>?> Rationales(TsVlmClient client, RunResponse run, CancellationToken cancellationToken)
    {
        if (run.Run?.FineTuned is not { Scenario.Representation.Rationale: not null }) return null;
        if (!await client.RunFiles(run.Id, Evaluation, cancellationToken).AnyAsync(file => file.Name == ArtifactFiles.Rationales, cancellationToken)) return null;
        await using var content = await client.OpenRunFile(run.Id, Evaluation, ArtifactFiles.Rationales, cancellationToken);
        using var reader = new StreamReader(content);
        return CsvRecord.All(await reader.ReadToEndAsync(cancellationToken)).Skip(1).Select(CsvRecord.Cells).Where(cells => cells.Count >= 3)
            .ToDictionary(cells => int.Parse(cells[0], CultureInfo.InvariantCulture), cells => cells[2]);
    }

    /// <summary>The training log of a finished run of a scenario.</summary>
    public static async Task<IReadOnlyList<TrainingLogRow>> Log(TsVlmClient client, string id, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("tsvlm-web-");
        try
        {
            await Save(client, id, Checkpoint, ArtifactFiles.TrainingLog, folder.FullName, cancellationToken);
            return TrainingLogCsv.Read(Path.Combine(folder.FullName, ArtifactFiles.TrainingLog));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task Save(TsVlmClient client, string id, string kind, string file, string folder, CancellationToken cancellationToken)
    {
        await using var content = await client.OpenRunFile(id, kind, file, cancellationToken);
        await using var target = File.Create(Path.Combine(folder, file));
        await content.CopyToAsync(target, cancellationToken);
    }
}
