using System.Collections.Concurrent;
using MassTransit;
using TsVlm.Contracts;
using TsVlm.Messaging;

namespace TsVlm.Scenarios.Events;

/// <summary>What this process has heard of runs under way, and who is to be told. Every replica of the service hears everything.</summary>
internal sealed class ExperimentEvents
{
    private const int MaxRunsKept = 100_000;
    private readonly ConcurrentDictionary<string, StageProgressed> latest = new();
    private readonly ConcurrentDictionary<EventSubscription, byte> subscriptions = new();

    /// <summary>The latest progress of a run; null where none was heard.</summary>
    public StageProgressed? Latest(string runId) => latest.GetValueOrDefault(runId);

    /// <summary>Tells of these runs from now on, until it is disposed.</summary>
    public EventSubscription Subscribe(string experimentId, IEnumerable<string> runIds)
    {
        var subscription = new EventSubscription(experimentId, runIds.ToHashSet(), gone => subscriptions.TryRemove(gone, out _));
        subscriptions[subscription] = 0;
        return subscription;
    }

    public void Note(StageProgressed progress)
    {
        if (latest.Count >= MaxRunsKept) latest.Clear();
        latest[progress.RunId] = progress;
        foreach (var (subscription, _) in subscriptions) subscription.Note(progress);
    }

    /// <summary>The run state of a run changes now, or has changed.</summary>
    public void NoteChange(string runId)
    {
        latest.TryRemove(runId, out _);
        foreach (var (subscription, _) in subscriptions) subscription.NoteChange(runId);
    }

    /// <summary>The report of an experiment ended.</summary>
    public void NoteReport(string experimentId)
    {
        foreach (var (subscription, _) in subscriptions) subscription.NoteReport(experimentId);
    }
}

/// <summary>One who is told: the newest progress of each run is kept until it is taken, so a slow reader never holds anything up.</summary>
internal sealed class EventSubscription(string experimentId, HashSet<string> runIds, Action<EventSubscription> end) : IDisposable
{
    private readonly ConcurrentDictionary<string, StageProgressed> pending = new();
    private readonly SemaphoreSlim signal = new(0);
    private int isChanged;

    public void Note(StageProgressed progress)
    {
        if (!runIds.Contains(progress.RunId)) return;
        pending[progress.RunId] = progress;
        Trigger();
    }

    public void NoteChange(string runId)
    {
        if (runIds.Contains(runId)) NoteChange();
    }

    public void NoteReport(string id)
    {
        if (id == experimentId) NoteChange();
    }

    /// <summary>Waits until there is news, but no longer than that.</summary>
    public Task Wait(TimeSpan limit, CancellationToken cancellationToken) => signal.WaitAsync(limit, cancellationToken);

    /// <summary>Takes the progress that is new.</summary>
    public IReadOnlyList<StageProgressed> Take()
    {
        var taken = new List<StageProgressed>();
        foreach (var runId in pending.Keys)
        {
            if (pending.TryRemove(runId, out var progress)) taken.Add(progress);
        }
        return taken;
    }

    /// <summary>Whether the run state has changed since this was last asked.</summary>
    public bool TakeChange() => Interlocked.Exchange(ref isChanged, 0) == 1;

    public void Dispose() => end(this);   // the signal has no handle to free, and a message may still be on its way to it

    private void NoteChange()
    {
        Volatile.Write(ref isChanged, 1);
        Trigger();
    }

    private void Trigger()
    {
        if (signal.CurrentCount == 0) signal.Release();
    }
}

/// <summary>Hears what the stages tell; every process has a queue of its own for it.</summary>
internal sealed class LiveEventConsumer(ExperimentEvents events)
    : IConsumer<StageProgressed>, IConsumer<SamplesGenerated>, IConsumer<ModelTrained>,
    IConsumer<ModelEvaluated>, IConsumer<RunFailed>, IConsumer<RunCancelled>, IConsumer<ExperimentReported>, IConsumer<ReportFailed>
{
    public Task Consume(ConsumeContext<StageProgressed> context) => Note(() => events.Note(context.Message));

    public Task Consume(ConsumeContext<SamplesGenerated> context) => Note(() => events.NoteChange(context.Message.RunId));

    public Task Consume(ConsumeContext<ModelTrained> context) => Note(() => events.NoteChange(context.Message.RunId));

    public Task Consume(ConsumeContext<ModelEvaluated> context) => Note(() => events.NoteChange(context.Message.RunId));

    public Task Consume(ConsumeContext<RunFailed> context) => Note(() => events.NoteChange(context.Message.RunId));

    public Task Consume(ConsumeContext<RunCancelled> context) => Note(() => events.NoteChange(context.Message.RunId));

    public Task Consume(ConsumeContext<ExperimentReported> context) => Note(() => events.NoteReport(context.Message.ExperimentId));

    public Task Consume(ConsumeContext<ReportFailed> context) => Note(() => events.NoteReport(context.Message.ExperimentId));

    private static Task Note(Action note)
    {
        note();
        return Task.CompletedTask;
    }
}

internal sealed class LiveEventConsumerDefinition() : BroadcastDefinition<LiveEventConsumer>("scenarios-live");
