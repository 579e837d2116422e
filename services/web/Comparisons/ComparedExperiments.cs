using TsVlm.Artifacts;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Results;
using TsVlm.Web.Runs;

namespace TsVlm.Web.Comparisons;

/// <summary>
/// Experiments that are compared, fetched from the server as folders of <c>tsvlm run</c>, so that everything is computed as
/// <c>tsvlm compare</c> computes it.
/// </summary>
internal sealed class ComparedExperiments : IDisposable
{
    /// <summary>Experiments at most.</summary>
    public const int MaxExperiments = 20;

    /// <summary>Runs whose predictions are fetched at most.</summary>
    public const int MaxTested = 400;

    private const string RunsFolder = "runs";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tsvlm-web-");
    private readonly List<string> folders = [];
    private readonly List<RunResult> results = [];
    private bool hasPredictions;

    private ComparedExperiments()
    {
    }

    /// <summary>The metrics of all their runs, each run once.</summary>
    public IReadOnlyList<RunResult> Results => results;

    /// <summary>Fetches the results of experiments that have ended.</summary>
    /// <exception cref="DataException">Too many are asked for.</exception>
    public static async Task<ComparedExperiments> Fetch(TsVlmClient client, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > MaxExperiments)
            throw new DataException($"Expected at most {MaxExperiments} experiments to compare, found {ids.Count}. Choose fewer.");
        var compared = new ComparedExperiments();
        try
        {
            foreach (var id in ids.Distinct()) await compared.Add(client, id, cancellationToken);
            return compared;
        }
        catch
        {
            compared.Dispose();
            throw;
        }
    }

    /// <summary>The comparison with a reference; null for the usual one.</summary>
    /// <exception cref="DataException">The results do not fit each other, or the reference is not there.</exception>
    public RankComparison Compare(string? reference)
    {
        // A run that two experiments share is one run.
        var rows = folders.SelectMany(ResultRow.Read).DistinctBy(row => (row.Dataset, row.Protocol, row.Resample, row.Seed, row.Scenario, row.Model));
        return RankComparison.Of(ScoreTable.Of([.. rows], [], new ComparisonChoice { Reference = reference }, new Dictionary<string, DatasetFacts>()), reference);
    }

    /// <summary>Each run against the reference's on the same test cases; none where there are more than <see cref="MaxTested"/> runs.</summary>
    public async Task<PairedTests> Test(TsVlmClient client, RankComparison comparison, CancellationToken cancellationToken)
    {
        if (results.Count > MaxTested) return PairedTests.None;
        if (!hasPredictions)
        {
            foreach (var result in results) await FetchPredictions(client, result.Run, cancellationToken);
            hasPredictions = true;
        }
        return PairedTests.Of(comparison, folders);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task Add(TsVlmClient client, string id, CancellationToken cancellationToken)
    {
        var target = folder.CreateSubdirectory($"{folders.Count}").FullName;
        await using (var content = await client.OpenResultsCsv(id, cancellationToken, raw: true))
        {
            await using var file = File.Create(Path.Combine(target, ArtifactFiles.Results));
            await content.CopyToAsync(file, cancellationToken);
        }
        folders.Add(target);
        var known = results.Select(result => result.Run.Id).ToHashSet();
        await foreach (var result in client.Results(id, cancellationToken))
        {
            if (known.Add(result.Run.Id)) results.Add(result);
        }
    }

    /// <summary>Keeps what a test of pairs needs of the predictions, without the probabilities.</summary>
    private async Task FetchPredictions(TsVlmClient client, RunSpec run, CancellationToken cancellationToken)
    {
        var cases = await RunDownload.Predictions(client, run.Id, cancellationToken);
        var target = Directory.CreateDirectory(Path.Combine(folders[0], RunsFolder, run.Id)).FullName;
        await File.WriteAllLinesAsync(Path.Combine(target, ArtifactFiles.Predictions),
            [CsvRecord.Of(["index", "label", "prediction"]), .. cases.Select(one => CsvRecord.Of([$"{one.Case}", one.Label, one.Prediction]))], cancellationToken);
        Json.Write(Path.Combine(target, RunCard.FileName), RunCard.Of(run));
    }
}
