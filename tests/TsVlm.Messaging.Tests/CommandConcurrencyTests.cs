using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TsVlm.Contracts;

namespace TsVlm.Messaging.Tests;

/// <summary>How many commands a consumer of this process has at a time.</summary>
public sealed class CommandConcurrencyTests
{
    private const int NumCommands = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_consumer_works_on_as_many_commands_at_a_time_as_it_is_given(int commandsAtOnce)
    {
        var stop = TestContext.Current.CancellationToken;
        var gauge = new Gauge(commandsAtOnce, NumCommands);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(gauge);
        builder.Services.AddInMemoryMessaging(commandsAtOnce, bus => bus.AddConsumer<Worker, WorkerDefinition>());
        using var host = builder.Build();
        await host.StartAsync(stop);
        var run = new RunSpec { Dataset = new("CBF", new string('c', 64)), Split = new("official", 0), Seed = 0, Baseline = "1nn-ed" };

        for (var i = 0; i < NumCommands; i++) await host.Services.GetRequiredService<IBus>().Publish(new GenerateSamples($"run {i}", run), stop);

        await gauge.Full.WaitAsync(TimeSpan.FromSeconds(30), stop);
        gauge.Release();
        await gauge.AllDone.WaitAsync(TimeSpan.FromSeconds(30), stop);
        Assert.Equal(commandsAtOnce, gauge.Most);
        await host.StopAsync(CancellationToken.None);
    }

    private sealed class Gauge(int expected, int numCommands)
    {
        private readonly Lock gate = new();
        private readonly TaskCompletionSource full = new(), released = new(), done = new();
        private int now, numDone;

        public int Most { get; private set; }

        public Task Full => full.Task;

        public void Release() => released.SetResult();

        public async Task Work()
        {
            lock (gate)
            {
                Most = Math.Max(Most, ++now);
                if (now == expected) full.TrySetResult();
            }
            await released.Task;
            lock (gate)
            {
                now--;
                if (++numDone == numCommands) done.SetResult();
            }
        }

        public Task AllDone => done.Task;
    }

    private sealed class Worker(Gauge gauge) : IConsumer<GenerateSamples>
    {
        public Task Consume(ConsumeContext<GenerateSamples> context) => gauge.Work();
    }

    private sealed class WorkerDefinition() : CommandDefinition<Worker>("work");
}
