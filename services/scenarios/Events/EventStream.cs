using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Events;

/// <summary>
/// The events of an experiment for one reader: first every stage and run that has ended, as the run state has them, then each that ends,
/// and progress as it is heard. A reader that reconnects, at any replica, receives all ended stages again, so it misses none.
/// </summary>
internal sealed class EventStream(RunQueries queries, ExperimentEvents events, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<SseItem<ExperimentEvent>> Read(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var runs = await queries.Progress(id, cancellationToken);
        var told = new (int Generation, int NumEnded)[runs.Count];
        using var subscription = events.Subscribe(id, runs.Select(run => run.Id));
        yield return Item("alive", new());
        foreach (var progress in runs.Where(run => !run.Ended).Select(run => events.Latest(run.Id)).OfType<StageProgressed>())
            yield return Item("progress", Of(progress));
        for (var (lastSent, lastRead) = (clock.GetTimestamp(), clock.GetTimestamp()); ;)
        {
            foreach (var progress in subscription.Take())
            {
                yield return Item("progress", Of(progress));
                lastSent = clock.GetTimestamp();
            }
            foreach (var item in Changes(told, runs))
            {
                yield return item;
                lastSent = clock.GetTimestamp();
            }
            if (runs.All(run => run.Ended)
                && await queries.Experiment(id, cancellationToken) is ({ ReportStatus: StageStatus.Done or StageStatus.Failed } row,
                    var counts))
            {
                yield return Item("experiment-ended", new() { NumRuns = counts, Report = row.ReportStatus, Reason = row.ReportReason },
                    EndId(runs));
                yield break;
            }
            if (clock.GetElapsedTime(lastSent) >= Silence)
            {
                yield return Item("alive", new());
                lastSent = clock.GetTimestamp();
            }
            await subscription.Wait(Interval, cancellationToken);
            await Task.Delay(Rest, clock, cancellationToken);
            // Another replica may write what was heard a moment later than it is read here: hence the look at every interval.
            if (!subscription.TakeChange() && clock.GetElapsedTime(lastRead) < Interval) continue;
            runs = await queries.Progress(id, cancellationToken);
            lastRead = clock.GetTimestamp();
        }
    }

    /// <summary>Whether a reader that reconnects with this id was told of the experiment's end, and nothing was revived since.</summary>
    public async Task<bool> IsOver(string id, string? lastEventId, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(lastEventId)) return false;
        var runs = await queries.Progress(id, cancellationToken);
        return lastEventId == EndId(runs) && runs.All(run => run.Ended);
    }

    private static string EndId(IReadOnlyList<RunProgress> runs) => $"end.{runs.Sum(run => (long)run.Generation)}";

    private static IEnumerable<SseItem<ExperimentEvent>> Changes((int Generation, int NumEnded)[] told, IReadOnlyList<RunProgress> runs)
    {
        foreach (var (index, run) in runs.Index())
        {
            var ended = run.EndedStages;
            // A run that was revived, or whose artifact is gone, begins anew.
            var numTold = run.Generation == told[index].Generation && ended.Count >= told[index].NumEnded ? told[index].NumEnded : 0;
            told[index] = (run.Generation, ended.Count);
            if (ended.Count == numTold) continue;
            foreach (var stage in ended.Skip(numTold)) yield return Item("stage-ended", new() { RunId = run.Id, Stage = stage });
            if (run.Ended) yield return Item("run-ended", new() { RunId = run.Id, Succeeded = run.Succeeded });
        }
    }

    private static ExperimentEvent Of(StageProgressed progress) => new() { RunId = progress.RunId, Progress = progress };

    private static SseItem<ExperimentEvent> Item(string type, ExperimentEvent data, string? id = null) => new(data, type) { EventId = id };
}
