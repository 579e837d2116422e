using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace TsVlm.Messaging.Tests;

/// <summary>A clock that stands still until it is moved, and tells when somebody waits for it.</summary>
internal sealed class ObservedClock : FakeTimeProvider
{
    private readonly Channel<ITimer> timers = Channel.CreateUnbounded<ITimer>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        timers.Writer.TryWrite(timer);
        return timer;
    }

    public Task<ITimer> NextTimer() =>
        timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
        .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
}
