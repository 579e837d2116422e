using TsVlm.Contracts;
using TsVlm.Scenarios.State;
using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios.Launching;

/// <summary>
/// Compares the run state with what should be, and sends the commands that are missing: the next stage of every open run,
/// as many at a time as allowed, and the report of every experiment that has ended. A lost message or a restart therefore costs time, never
/// a run.
/// </summary>
public sealed class Reconciler(
    RunTransactions transactions, StageStore stages, ReadyStages ready, CommandDispatcher sending, ReconcilerSettings settings,
    ReportDispatcher reports, TimeProvider clock, ILogger<Reconciler> log) : BackgroundService
{
    private const int MaxAtOnce = 200;   // bounds what one look holds in memory
    private const int MaxMarkedAhead = 16;   // what a process that ends between recording and sending leaves for the timeout to tell
    private readonly SemaphoreSlim changed = new(0);
    private long? lastLookForLost;
    private HashSet<(string, Stage, int)> silentBefore = [];

    /// <summary>Says that the run state has changed, so that the next look need not wait.</summary>
    public void Trigger()
    {
        if (changed.CurrentCount == 0) changed.Release();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isOpen = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isOpen) await Open(stoppingToken);
                isOpen = true;
                await SendMissing(stoppingToken);
                if (settings.Reports) await reports.SendMissing(stoppingToken);
            }
            catch (Exception error) when (settings.HasBroker && error is not OperationCanceledException and not RunStateException)
            {
                log.LogWarning(error, "What is missing could not be sent; it is tried again in {Interval}", settings.Interval);
            }
            await changed.WaitAsync(settings.Interval, stoppingToken);
            // Many events at once need one look.
            await Task.Delay(settings.Rest, clock, stoppingToken);
            while (changed.CurrentCount > 0) await changed.WaitAsync(stoppingToken);
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        changed.Dispose();
        base.Dispose();
    }

    private async Task Open(CancellationToken cancellationToken)
    {
        await transactions.Open(cancellationToken);
        // Commands of an earlier process are lost with its in-memory transport; a broker keeps them.
        if (!settings.HasBroker) await stages.RequeueSent(cancellationToken);
    }

    private async Task SendMissing(CancellationToken cancellationToken)
    {
        if (settings.HasBroker) await SendLost(cancellationToken);
        var numFree = Math.Min(settings.MaxStagesInFlight - await ready.NumUnderWay(cancellationToken), MaxAtOnce);
        if (numFree <= 0) return;
        var next = await ready.Next(numFree, cancellationToken);
        var making = new HashSet<ArtifactKey>();
        // Runs that share an artifact wait for the one that makes it.
        var numSent = await Send([.. next.Where(at => at.IsMade || making.Add(at.Artifact))], cancellationToken);
        if (next.Count == numFree && numSent > 0) Trigger();   // there may be more
    }

    /// <summary>
    /// A command may wait in its queue for long; only where nothing waits can it be lost. One that has just left the queue has not given
    /// its first heartbeat yet: so it must have been silent at the look before, too.
    /// </summary>
    private async Task SendLost(CancellationToken cancellationToken)
    {
        if (lastLookForLost is { } last && clock.GetElapsedTime(last) < settings.Interval) return;
        lastLookForLost = clock.GetTimestamp();
        var silent = await ready.Silent(clock.GetUtcNow().UtcDateTime - settings.HeartbeatTimeout, MaxAtOnce, cancellationToken);
        var again = silent.Where(at => silentBefore.Contains((at.Run.Run.Id, at.Stage.Stage, at.Stage.Attempts)));
        silentBefore = [.. silent.Select(at => (at.Run.Run.Id, at.Stage.Stage, at.Stage.Attempts))];
        foreach (var queue in again.GroupBy(at => at.Stage.Stage))
        {
            if (!await sending.IsQueueEmpty(queue.Key, cancellationToken)) continue;
            foreach (var at in queue)
                log.LogWarning("Run {RunId}: {Stage} sent no heartbeat for {Silence}; its command is sent again", at.Run.Run.Id, at.Stage.Stage,
                    settings.HeartbeatTimeout);
            await Send([.. queue], cancellationToken);
        }
    }

    /// <summary>
    /// What is recorded as sent and then is not, since the process or the broker ends just now, is silent, and so sent again.
    /// </summary>
    private async Task<int> Send(IReadOnlyList<ReadyStage> stagesToSend, CancellationToken cancellationToken)
    {
        var numSent = 0;
        foreach (var some in stagesToSend.Chunk(MaxMarkedAhead))
        {
            var marked = await stages.MarkSent(some, cancellationToken);
            foreach (var at in marked) await sending.Send(at.Run, at.Stage, cancellationToken);
            numSent += marked.Count;
        }
        return numSent;
    }
}

/// <summary>How the reconciler works.</summary>
public sealed record ReconcilerSettings
{
    /// <summary>
    /// Stages under way at one time. One process that trains on all its cores takes 1, so that metrics are not disturbed.
    /// </summary>
    public int MaxStagesInFlight { get; init; } = 1;

    /// <summary>Longest time between two looks at the run state.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Shortest time between two looks.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.Zero;

    /// <summary>Whether a broker keeps what was sent.</summary>
    public bool HasBroker { get; init; }

    /// <summary>Whether reports are asked for.</summary>
    public bool Reports { get; init; }

    /// <summary>A stage whose queue is empty and that sent no heartbeat for so long is sent again.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The settings of a service of its own.</summary>
    /// <exception cref="SettingException">One is out of bounds.</exception>
    public static ReconcilerSettings Read(Settings settings) => new()
    {
        HasBroker = true,
        Reports = true,
        MaxStagesInFlight = settings.Number("Reconciler__MaxStagesInFlight", 1000, 1, 1_000_000),
        Interval = settings.Seconds("Reconciler__IntervalSeconds", TimeSpan.FromSeconds(5), 0.1, 3600),
        Rest = TimeSpan.FromMilliseconds(100),
        HeartbeatTimeout = settings.Seconds("Reconciler__HeartbeatTimeoutSeconds", TimeSpan.FromSeconds(60), 1, 86_400),
    };
}
