using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios;

/// <summary>Sends the commands for reports that are missing.</summary>
public sealed class ReportSending(ReportStore reports, CommandSending sending, ReconcilerSettings settings, TimeProvider clock)
{
    /// <summary>Sends one for each experiment that has ended and has none.</summary>
    public async Task SendMissing(CancellationToken cancellationToken)
    {
        var sentBefore = clock.GetUtcNow().UtcDateTime - settings.LongestSilence;
        foreach (var id in await reports.Missing(sentBefore, cancellationToken))
        {
            if (!await sending.IsQueueEmpty(CommandQueues.ReportExperiment, cancellationToken) && (await reports.Find(id, cancellationToken))?.Report is StageStatus.Sent) continue;
            if (await reports.TryMarkSent(id, sentBefore, cancellationToken) is { } command) await sending.Send(command, cancellationToken);
        }
    }
}
