using System.Threading.Channels;
using MassTransit;
using TsVlm.Contracts;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Launching;

/// <summary>
/// Ends the runs of cancelled experiments, some at a time, and tells the workers. It also finishes what
/// a request, or a process that has ended, began. A worker that misses the message learns of the cancellation at its next heartbeat.
/// </summary>
public sealed class RunCanceller(
    ExperimentStore experiments, RunTransactions transactions, IBus bus, Reconciler reconciler, ReconcilerSettings settings,
    TimeProvider clock, ILogger<RunCanceller> log) : BackgroundService
{
    private const int MaxAtOnce = 500;        // runs of one transaction, so that no other writer waits for long
    private const int MaxToTell = 10_000;
    private readonly SemaphoreSlim unfinished = new(0);
    private readonly Channel<RunCancelled> toTell = Channel.CreateBounded<RunCancelled>(
        new BoundedChannelOptions(MaxToTell) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Ends the runs of a cancelled experiment that no other experiment wants, until none is left or the time is over.</summary>
    /// <param name="experimentId">The experiment; null for all that are cancelled.</param>
    /// <param name="limit">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether none is left; else this service goes on.</returns>
    public async Task<bool> Run(string? experimentId, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var (cancelled, hasMore) = await experiments.CancelUnwanted(MaxAtOnce, experimentId, cancellationToken);
            foreach (var run in cancelled.Where(run => run.WasSent)) toTell.Writer.TryWrite(new(run.RunId, run.Generation));
            if (cancelled.Count > 0) log.LogInformation("{Count} runs were cancelled", cancelled.Count);
            if (!hasMore)
            {
                reconciler.Trigger();   // the report may be due
                return true;
            }
            if (limit == Timeout.InfiniteTimeSpan || clock.GetElapsedTime(started) < limit) continue;
            if (unfinished.CurrentCount == 0) unfinished.Release();
            return false;
        }
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(GoOn(stoppingToken), Tell(stoppingToken));

    /// <inheritdoc />
    public override void Dispose()
    {
        unfinished.Dispose();
        base.Dispose();
    }

    private async Task GoOn(CancellationToken cancellationToken)
    {
        while (true)
        {
            await unfinished.WaitAsync(settings.Interval, cancellationToken);
            try
            {
                if (transactions.IsOpen) await Run(null, Timeout.InfiniteTimeSpan, cancellationToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Cancelled experiments could not be ended; it is tried again in {Interval}", settings.Interval);
            }
        }
    }

    private async Task Tell(CancellationToken cancellationToken)
    {
        await foreach (var message in toTell.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await bus.Publish(message, cancellationToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Run {RunId}: its worker could not be told of the cancellation; its next heartbeat will", message.RunId);
            }
        }
    }
}
