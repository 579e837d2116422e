using MassTransit;
using TsVlm.Contracts;
using TsVlm.Telemetry;

namespace TsVlm.Messaging;

/// <summary>Publishes a stage's progress, at most every fifth of a second, without holding up the work.</summary>
public sealed class ProgressReporter(IPublishEndpoint bus, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.2);
    private long? last;
    private Task sending = Task.CompletedTask;

    /// <summary>Work that the next attempt need not do again.</summary>
    public long Saved { get; private set; }

    /// <summary>Publishes, unless the last one is too recent or still on its way; the last unit of work is always published.</summary>
    public void Report(StageProgressed progress)
    {
        StageMetrics.Progress(progress);
        Saved = Math.Max(Saved, progress.Saved);
        var tooSoon = last is { } time && clock.GetElapsedTime(time) < Interval;
        if (progress.Done < progress.Total && (tooSoon || !sending.IsCompleted)) return;
        last = clock.GetTimestamp();
        var before = sending;
        sending = Task.Run(async () =>
        {
            await before;
            await bus.PublishUntraced(progress, CancellationToken.None);
        });
    }

    /// <summary>Waits until everything reported is on its way.</summary>
    public Task Flush() => sending;
}
