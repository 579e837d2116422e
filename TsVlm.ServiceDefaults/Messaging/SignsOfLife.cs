using MassTransit;
using TsVlm.Contracts;

namespace TsVlm.ServiceDefaults;

/// <summary>Publishes that a stage is under way, at the beginning and from time to time, until it is disposed.</summary>
internal sealed class SignsOfLife : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly Task sending;

    private SignsOfLife(IPublishEndpoint bus, StageUnderWay sign, TimeSpan interval, TimeProvider clock) =>
        sending = Task.Run(() => Send(bus, sign, interval, clock));

    public static SignsOfLife Begin(IPublishEndpoint bus, StageUnderWay sign, TimeSpan interval, TimeProvider clock) => new(bus, sign, interval, clock);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await sending;
        end.Dispose();
    }

    private async Task Send(IPublishEndpoint bus, StageUnderWay sign, TimeSpan interval, TimeProvider clock)
    {
        using var silence = RunTraces.Silence();
        while (!end.IsCancellationRequested)
        {
            try
            {
                await bus.Publish(sign, end.Token);
                await Task.Delay(interval, clock, end.Token);
            }
            catch (Exception) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (Failures.MayPass(error))
            {
                // The broker is away; the next sign reaches it, or the command is delivered again.
                await Task.Delay(interval, clock, CancellationToken.None);
            }
        }
    }
}
