using System.Collections.Concurrent;
using MassTransit;
using TsVlm.Contracts;

namespace TsVlm.Messaging;

/// <summary>The runs that were cancelled, as far as this process has heard, and the work under way for each run.</summary>
public sealed class RunCancellations
{
    private readonly ConcurrentDictionary<string, int> cancelled = new();
    private readonly ConcurrentDictionary<(string Run, CancellationTokenSource Stop), int> underWay = new();

    /// <summary>Stops the work for a run up to that generation, and refuses its commands from now on.</summary>
    public void Cancel(RunCancelled message)
    {
        cancelled.AddOrUpdate(message.RunId, message.Generation, (_, known) => Math.Max(known, message.Generation));
        foreach (var ((run, stop), generation) in underWay)
        {
            if (run == message.RunId && generation <= message.Generation) Stop(stop);
        }
    }

    /// <summary>Whether a command of that generation is not to be worked on.</summary>
    public bool IsCancelled(string runId, int generation) => cancelled.TryGetValue(runId, out var last) && generation <= last;

    /// <summary>Notes work under way; disposing ends that. The source is cancelled when the run is.</summary>
    public IDisposable Watch(string runId, int generation, CancellationTokenSource stop)
    {
        underWay[(runId, stop)] = generation;
        if (IsCancelled(runId, generation)) Stop(stop);
        return new Ended(() => underWay.TryRemove((runId, stop), out _));
    }

    private static void Stop(CancellationTokenSource stop)
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work ended meanwhile.
        }
    }

    private sealed class Ended(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

/// <summary>Hears of cancelled runs; every process has its own.</summary>
public sealed class RunCancelledConsumer(RunCancellations cancellations) : IConsumer<RunCancelled>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<RunCancelled> context)
    {
        cancellations.Cancel(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>A queue of this process.</summary>
public sealed class RunCancelledConsumerDefinition() : BroadcastDefinition<RunCancelledConsumer>("run-cancelled");
