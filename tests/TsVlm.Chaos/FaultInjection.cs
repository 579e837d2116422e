using System.Text.Json.Nodes;

namespace TsVlm.Chaos;

/// <summary>Lets faults happen.</summary>
internal sealed class FaultInjection(DistributedSystem system)
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);
    private readonly List<Task> held = [];

    /// <summary>Messages that were held back are back.</summary>
    public Task Settle() => Task.WhenAll(held);

    public async Task Inject(Fault fault)
    {
        var pause = TimeSpan.FromSeconds(fault.Seconds);
        switch (fault.Kind)
        {
            case FaultKind.KillService:
                await Find(fault.Target).Kill();
                await Restart(Find(fault.Target), pause);
                break;
            case FaultKind.StopService:
                var code = await Find(fault.Target).Stop(LongestStop);
                if (code != 0) throw new ChaosException(
                    $"{fault.Target} ended with exit code {code} after SIGTERM: {Find(fault.Target).Log}");
                await Restart(Find(fault.Target), pause);
                break;
            case FaultKind.RestartBroker:
                await system.Broker.Stop();
                await Task.Delay(pause);
                await system.Broker.Start();
                break;
            case FaultKind.KillBroker:
                await system.Broker.Kill();
                await Task.Delay(pause);
                await system.Broker.Start();
                break;
            case FaultKind.KillStore:
                await system.Store.Kill();
                await Task.Delay(pause);
                await system.Store.Start();
                break;
            case FaultKind.KillDatabase:
                await system.Database.Kill();
                await Task.Delay(pause);
                await system.Database.Start();
                break;
            case FaultKind.DuplicateMessage:
                await Duplicate(fault.Target);
                break;
            case FaultKind.DelayMessage:
                await Delay(fault.Target, pause * 2);
                break;
        }
    }

    private Service Find(string name) => system.Services.Single(service => service.Name == name);

    private static async Task Restart(Service service, TimeSpan pause)
    {
        await Task.Delay(pause);
        service.Start();
    }

    /// <summary>The message that waits, or one that was sent before: it may have been answered long ago.</summary>
    private async Task Duplicate(string queue)
    {
        if (await system.Queues.Take(queue) is { } waiting)
        {
            await system.Queues.Put(queue, waiting);
            await system.Queues.Put(queue, waiting);
            return;
        }
        var copy = await system.Queues.TakeCopy();
        await system.Queues.Put((string)copy["exchange"]!, copy);
    }

    private async Task Delay(string queue, TimeSpan time)
    {
        JsonNode? waiting = null;
        for (var turn = 0; turn < 20 && (waiting = await system.Queues.Take(queue)) is null; turn++) await Task.Delay(100);
        if (waiting is null) await Duplicate(queue);
        else held.Add(PutLater(queue, waiting, time));
    }

    private async Task PutLater(string queue, JsonNode message, TimeSpan time)
    {
        await Task.Delay(time);
        await system.Queues.Put(queue, message);
    }
}
