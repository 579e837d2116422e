using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using TsVlm.Contracts;

namespace TsVlm.Scenarios;

/// <summary>The events of an experiment for one reader: progress as it is heard, and the ends of stages and runs as the run state has them.</summary>
internal sealed class EventStream(RunQueries queries, ExperimentEvents events, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<SseItem<ExperimentEvent>> Read(string id, string? lastEventId, [EnumeratorCancellation] CancellationToken stop)
    {
        var runs = await queries.Progress(id, stop);
        var cursor = EventCursor.Of(lastEventId, runs);
        using var subscription = events.Subscribe(id, runs.Select(run => run.Id));
        yield return Item("alive", new());
        foreach (var progress in runs.Where(run => !run.Ended).Select(run => events.Latest(run.Id)).OfType<StageProgressed>()) yield return Item("progress", Of(progress));
        for (var (lastSent, lastRead) = (clock.GetTimestamp(), clock.GetTimestamp()); ;)
        {
            foreach (var progress in subscription.Take())
            {
                yield return Item("progress", Of(progress));
                lastSent = clock.GetTimestamp();
            }
            foreach (var item in Changes(cursor, runs))
            {
                yield return item;
                lastSent = clock.GetTimestamp();
            }
            if (runs.All(run => run.Ended) && await queries.Experiment(id, stop) is ({ ReportStatus: StageStatus.Done or StageStatus.Failed } row, var counts))
            {
                yield return Item("experiment-ended", new() { NumRuns = counts, Report = row.ReportStatus, Reason = row.ReportReason }, cursor.Id(runs, atEnd: true));
                yield break;
            }
            if (clock.GetElapsedTime(lastSent) >= Silence)
            {
                yield return Item("alive", new());
                lastSent = clock.GetTimestamp();
            }
            await subscription.Wait(Interval, stop);
            await Task.Delay(Rest, clock, stop);
            // Another replica may write what was heard a moment later than it is read here: hence the look at every interval.
            if (!subscription.TakeChange() && clock.GetElapsedTime(lastRead) < Interval) continue;
            runs = await queries.Progress(id, stop);
            lastRead = clock.GetTimestamp();
        }
    }

    /// <summary>Whether a reader that comes back with this id was told everything, the end included.</summary>
    public async Task<bool> IsOver(string id, string? lastEventId, CancellationToken stop)
    {
        if (string.IsNullOrEmpty(lastEventId)) return false;
        var runs = await queries.Progress(id, stop);
        return EventCursor.Of(lastEventId, runs).KnowsEnd && runs.All(run => run.Ended);
    }

    /// <summary>The id is on the last event of a run's change: a reader that breaks off before it is told again.</summary>
    private static IEnumerable<SseItem<ExperimentEvent>> Changes(EventCursor cursor, IReadOnlyList<RunProgress> runs)
    {
        foreach (var (index, run) in runs.Index())
        {
            var ended = cursor.NewlyEnded(index, run);
            if (ended.Count == 0) continue;
            cursor.Tell(index, run);
            foreach (var stage in ended) yield return Item("stage-ended", new() { RunId = run.Id, Stage = stage }, run.Ended || stage != ended[^1] ? null : cursor.Id(runs));
            if (run.Ended) yield return Item("run-ended", new() { RunId = run.Id, Succeeded = run.Succeeded }, cursor.Id(runs));
        }
    }

    private static ExperimentEvent Of(StageProgressed progress) => new() { RunId = progress.RunId, Progress = progress };

    private static SseItem<ExperimentEvent> Item(string type, ExperimentEvent data, string? id = null) => new(data, type) { EventId = id };
}

/// <summary>What an event of an experiment tells; which members it has depends on the event.</summary>
public sealed record ExperimentEvent
{
    /// <summary>The run: progress, stage-ended, run-ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RunId { get; init; }

    /// <summary>progress: how far its stage is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StageProgressed? Progress { get; init; }

    /// <summary>stage-ended: how it ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StageState? Stage { get; init; }

    /// <summary>run-ended: whether every stage is done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Succeeded { get; init; }

    /// <summary>experiment-ended: runs by how they ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunCounts? NumRuns { get; init; }

    /// <summary>experiment-ended: how the report ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StageStatus? Report { get; init; }

    /// <summary>experiment-ended: why the report failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
