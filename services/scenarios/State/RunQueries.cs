using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Scenarios.State;

/// <summary>
/// What the API reads of the run state: a fixed number of queries whatever the number of runs, and no more of a row than is shown.
/// </summary>
internal sealed class RunQueries(IDbContextFactory<RunDatabase> databases)
{
    /// <summary>Experiments, the newest first.</summary>
    /// <param name="page">Which of them.</param>
    /// <param name="search">A part of the title in any case, or the beginning of the id; null for all.</param>
    /// <param name="ended">Those whose report has ended, or those whose has not; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Page<ExperimentOverview>> Experiments(PageRequest page, string? search, bool? ended, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var wanted = database.Experiments.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(search))
        {
            var lower = search.Trim().ToLowerInvariant();
            var part = $"%{lower.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
            wanted = wanted.Where(e => EF.Functions.Like(e.Title.ToLower(), part, "\\") || e.Id.StartsWith(lower));
        }
        if (ended is { } isEnded)
            wanted = wanted.Where(e => (e.ReportStatus == StageStatus.Done || e.ReportStatus == StageStatus.Failed) == isEnded);
        var total = await wanted.CountAsync(cancellationToken);
        var rows = await wanted.OrderByDescending(e => e.CreatedUtc).ThenBy(e => e.Id).Skip(page.Offset)
            .Take(page.Limit)
            .Select(e => new { e.Id, e.Title, e.CreatedUtc, e.Intent, e.ReportStatus }).ToListAsync(cancellationToken);
        var counts = await Counts(database, [.. rows.Select(row => row.Id)], cancellationToken);
        return new(total, page.Offset,
        [
            .. rows.Select(row => (Row: row, Counts: counts.GetValueOrDefault(row.Id) ?? RunCounts.None)).Select(at =>
                new ExperimentOverview(at.Row.Id, at.Row.Title, at.Row.CreatedUtc,
                    StateTables.Of(at.Row.Intent, at.Counts.AllEnded, at.Row.ReportStatus), at.Counts, at.Row.ReportStatus)),
        ]);
    }

    /// <summary>The experiment without its runs, or null.</summary>
    public async Task<(ExperimentRow Row, RunCounts Counts)?> Experiment(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        if (await database.Experiments.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellationToken) is not { } row) return null;
        return (row, (await Counts(database, [id], cancellationToken)).GetValueOrDefault(id) ?? RunCounts.None);
    }

    /// <summary>Some runs of an experiment, in order.</summary>
    public async Task<IReadOnlyList<RunStatus>> Runs(string experimentId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Set<ExperimentRunRow>().AsNoTracking().Where(r => r.ExperimentId == experimentId)
            .OrderBy(r => r.Position).Skip(page.Offset).Take(page.Limit).Include(r => r.Run.Stages).ToListAsync(cancellationToken);
        return [.. rows.Select(row => RunStatus.Of(row.Run))];
    }

    /// <summary>How far the runs of an experiment are, in order, without what they are.</summary>
    public async Task<IReadOnlyList<RunProgress>> Progress(string experimentId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await database.Set<ExperimentRunRow>().AsNoTracking().Where(r => r.ExperimentId == experimentId).OrderBy(r => r.Position)
            .Select(r => new { r.RunId, r.Run.Generation, Stages = r.Run.Stages.Select(s => new { s.Stage, s.Status, s.Attempts, s.Reason })
                .ToList() }).ToListAsync(cancellationToken);
        return [.. rows.Select(r => new RunProgress(
            r.RunId, r.Generation, [.. r.Stages.OrderBy(s => s.Stage)
                .Select(s => new StageState(s.Stage, s.Status, s.Attempts, s.Reason))]))];
    }

    /// <summary>The run, or null.</summary>
    public async Task<RunSpec?> Run(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Runs.Where(r => r.Id == id).Select(r => r.Spec).SingleOrDefaultAsync(cancellationToken) is { } spec
            ? Parse(spec) : null;
    }

    /// <summary>How far a run is, or null.</summary>
    public async Task<RunStatus?> Status(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Runs.AsNoTracking().Include(r => r.Stages).SingleOrDefaultAsync(r => r.Id == id, cancellationToken) is { } row
            ? RunStatus.Of(row) : null;
    }

    /// <summary>Every run that succeeded, of one experiment in order, or of all.</summary>
    public async Task<IReadOnlyList<RunSpec>> Succeeded(string? experimentId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var rows = experimentId is null
            ? database.Runs.AsNoTracking().OrderBy(r => r.Id)
            : database.Set<ExperimentRunRow>().AsNoTracking().Where(r => r.ExperimentId == experimentId).OrderBy(r => r.Position)
            .Select(r => r.Run);
        return [.. (await rows.Where(r => r.Stages.All(s => s.Status == StageStatus.Done)).Select(r => r.Spec)
            .ToListAsync(cancellationToken)).Select(Parse)];
    }

    /// <summary>The runs of an experiment that have not ended, in order.</summary>
    public async Task<IReadOnlyList<RunSpec>> Open(string experimentId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var specs = await database.Set<ExperimentRunRow>().AsNoTracking().Where(r => r.ExperimentId == experimentId
                && !r.Run.Stages.All(s => s.Status == StageStatus.Done)
                && !r.Run.Stages.Any(s => s.Status == StageStatus.Failed || s.Status == StageStatus.Cancelled))
            .OrderBy(r => r.Position).Select(r => r.Run.Spec).ToListAsync(cancellationToken);
        return [.. specs.Select(Parse)];
    }

    private static async Task<Dictionary<string, RunCounts>> Counts(RunDatabase database, IReadOnlyList<string> ids,
        CancellationToken cancellationToken)
    {
        var counts = await database.Set<ExperimentRunRow>().Where(r => ids.Contains(r.ExperimentId))
            .Select(r => new
            {
                r.ExperimentId,
                Succeeded = r.Run.Stages.All(s => s.Status == StageStatus.Done),
                Failed = r.Run.Stages.Any(s => s.Status == StageStatus.Failed),
                Cancelled = r.Run.Stages.Any(s => s.Status == StageStatus.Cancelled),
            })
            .GroupBy(r => new { r.ExperimentId, r.Succeeded, r.Failed, r.Cancelled }).Select(g => new { g.Key, Count = g.Count() })
            .ToListAsync(cancellationToken);
        return counts.GroupBy(c => c.Key.ExperimentId).ToDictionary(g => g.Key, g => new RunCounts(
            g.Sum(c => c.Count),
            g.Where(c => c.Key.Succeeded).Sum(c => c.Count),
            g.Where(c => c.Key.Failed).Sum(c => c.Count),
            g.Where(c => c.Key is { Cancelled: true, Failed: false }).Sum(c => c.Count)));
    }

    private static RunSpec Parse(string spec) => JsonSerializer.Deserialize<RunSpec>(spec, ContractJson.Compact)!;
}

/// <summary>How far a run is.</summary>
internal sealed record RunProgress(string Id, int Generation, IReadOnlyList<StageState> Stages)
{
    /// <summary>Stages that have ended, in the order in which they end; the stages after one that failed never begin.</summary>
    public IReadOnlyList<StageState> EndedStages =>
        [.. Stages.Where(s => s.Status is StageStatus.Done or StageStatus.Failed or StageStatus.Cancelled)];

    public bool Succeeded => State is RunState.Succeeded;

    public bool Ended => State is not RunState.Open;

    private RunState State => StateTables.Of(Stages.Select(s => s.Status));
}
