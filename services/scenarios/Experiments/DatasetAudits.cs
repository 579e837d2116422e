using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Audit;
using TsVlm.Experiments.Grid;
using TsVlm.Models;

namespace TsVlm.Scenarios.Experiments;

/// <summary>
/// Audits of data sets as <c>tsvlm audit</c> makes them, one at a time, and the last ones kept. They fit a classifier, for which the process
/// needs libtorch: <c>tsvlm web</c> has it, the scenarios service alone has not.
/// </summary>
internal sealed class DatasetAudits(ModelCatalog models) : IDisposable
{
    private const int MaxKept = 50;
    private const int MaxPairs = 200;
    private const int MaxCases = 12;
    private readonly SemaphoreSlim turn = new(1);
    private readonly List<(string Key, DatasetAuditResponse Audit)> kept = [];

    /// <summary>Audits a data set with the embedded model's inputs and the scenarios of a preset, at resample 0.</summary>
    public async Task<DatasetAuditResponse> Of(OpenDataset opened, string preset, CancellationToken cancellationToken)
    {
        var key = $"{preset} {opened.ContentHash}";
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (kept.Find(one => one.Key == key) is { Audit: { } known }) return known;
            var audit = await Task.Run(() => Run(opened.Dataset, preset, cancellationToken), cancellationToken);
            if (kept.Count == MaxKept) kept.RemoveAt(0);
            kept.Add((key, audit));
            return audit;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private DatasetAuditResponse Run(Dataset dataset, string preset, CancellationToken cancellationToken)
    {
        var protocol = dataset.NumOfficialTrain < dataset.Cases.Count ? Splitter.Official : Splitter.EightyTenTen;
        var auditor = new DatasetAuditor(GridExpansion.Of(ScenarioPresets.Open(preset)).Scenarios, models.Find("tiny").Model.Inputs,
            [new SplitReference(protocol, 0)], new AuditSettings());
        var audit = auditor.Run(dataset, cancellationToken);
        return new(dataset.Name, preset, protocol, [.. audit.Findings.Select(Of)], audit.Pairs.Count,
            [.. audit.Pairs.OrderBy(pair => pair.Crosses.Count == 0).Take(MaxPairs).Select(Of)]);
    }

    private static FindingResponse Of(AuditFinding finding) => new(Name(finding.Check), Name(finding.Severity), finding.Subject, finding.Found,
        finding.Advice, [.. finding.Cases.Take(MaxCases)]);

    private static PairResponse Of(AuditedPair pair) => new(Name(pair.Pair.Kind), pair.Pair.First, pair.Pair.Second, pair.Pair.Distance,
        pair.Pair.Offset, pair.FirstLabel, pair.SecondLabel, pair.FirstFile, pair.SecondFile, pair.Crosses);

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName($"{value}");
}
