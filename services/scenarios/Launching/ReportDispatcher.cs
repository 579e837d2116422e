using TsVlm.Messaging;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Launching;

/// <summary>Sends the commands for reports that are missing.</summary>
public sealed class ReportDispatcher(ReportStore reports, CommandDispatcher sending, ReconcilerSettings settings, TimeProvider clock)
{
    /// <summary>Sends one for each experiment that has ended and has none.</summary>
    public async Task SendMissing(CancellationToken cancellationToken)
    {
        var sentBefore = clock.GetUtcNow().UtcDateTime - settings.HeartbeatTimeout;
        bool? isQueueEmpty = null;
        foreach (var (id, wasSent) in await reports.Missing(sentBefore, cancellationToken))
        {
            // One that was sent may wait in its queue for long; only where nothing waits can it be lost.
            if (wasSent && !(isQueueEmpty ??= await sending.IsQueueEmpty(CommandQueues.ReportExperiment, cancellationToken))) continue;
            if (await reports.TryMarkSent(id, sentBefore, cancellationToken) is { } command) await sending.Send(command, cancellationToken);
        }
    }
}
