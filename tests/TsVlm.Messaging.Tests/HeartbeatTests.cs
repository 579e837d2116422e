using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TsVlm.Contracts;

namespace TsVlm.Messaging.Tests;

/// <summary>When a stage under way gives signs, on the in-memory transport and a clock that stands still until it is moved.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private static readonly MessagingSettings Messaging = new()
    {
        HasBroker = true,
        Worker = "worker",
        TimeBeforeFirstHeartbeat = TimeSpan.FromSeconds(1),
        HeartbeatInterval = TimeSpan.FromSeconds(10),
    };

    private readonly ObservedClock clock = new();
    private readonly Heard heard = new();
    private readonly Work work = new();
    private IHost host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(heard).AddSingleton(work);
        builder.Services.AddInMemoryMessaging(1, bus => bus.AddConsumer<Worker>(), bus => bus.AddConsumer<Heard>());
        builder.Services.AddSingleton(Messaging);
        host = builder.Build();
        await host.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
        heard.Dispose();
    }

    [Fact]
    public async Task A_first_attempt_that_is_over_at_once_tells_its_end_alone_and_who_came_to_it()
    {
        await Send();
        await clock.NextTimer();
        work.End();
        var (end, worker) = heard.Next();
        Assert.IsType<SamplesGenerated>(end);
        Assert.Equal("worker", worker);
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.False(heard.Has());
    }

    [Fact]
    public async Task A_first_attempt_that_takes_longer_gives_one_and_then_one_after_each_interval()
    {
        await Send();
        await clock.NextTimer();
        clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(heard.Has());
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.IsType<StageHeartbeat>(heard.Next().Message);
        await clock.NextTimer();
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(heard.Has());
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.IsType<StageHeartbeat>(heard.Next().Message);
        work.End();
        Assert.IsType<SamplesGenerated>(heard.Next().Message);
    }

    [Fact]
    public async Task A_repeated_attempt_gives_one_at_once_since_the_run_state_counts_it_by_that()
    {
        await Send(numRepeats: 1);
        Assert.True(Assert.IsType<StageHeartbeat>(heard.Next().Message).IsRepeated);
        work.End();
        Assert.IsType<SamplesGenerated>(heard.Next().Message);
    }

    private Task Send(int numRepeats = 0)
    {
        var run = new RunSpec { Dataset = new("CBF", new string('c', 64)), Split = new("official", 0), Seed = 0, Baseline = "1nn-ed" };
        return host.Services.GetRequiredService<IBus>().Publish(new GenerateSamples("run", run), context =>
        {
            if (numRepeats > 0) context.Headers.Set("x-delivery-count", numRepeats);
        }, Stop);
    }

    /// <summary>Work that lasts until it is ended.</summary>
    private sealed class Work
    {
        private readonly TaskCompletionSource end = new();

        public void End() => end.SetResult();

        public async Task<SamplesGenerated> Run(GenerateSamples command)
        {
            await end.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            return new(command.RunId, ArtifactKeys.Evaluation(command.Run));
        }
    }

    private sealed class Worker(StageConsumer stage, Work work) : IConsumer<GenerateSamples>
    {
        public Task Consume(ConsumeContext<GenerateSamples> context) =>
            stage.Consume(context, Stage.Datagen, new(ArtifactKind.Samples, new string('e', 64)), (_, _) => work.Run(context.Message));
    }

    /// <summary>What the run state would hear.</summary>
    private sealed class Heard : IConsumer<StageHeartbeat>, IConsumer<SamplesGenerated>, IDisposable
    {
        private readonly BlockingCollection<(object Message, string? Worker)> messages = [];

        public bool Has() => messages.TryTake(out _, TimeSpan.FromSeconds(0.2));

        public (object Message, string? Worker) Next()
        {
            Assert.True(messages.TryTake(out var next, TimeSpan.FromSeconds(30)));
            return next;
        }

        public Task Consume(ConsumeContext<StageHeartbeat> context) => Note(context.Message, context);

        public Task Consume(ConsumeContext<SamplesGenerated> context) => Note(context.Message, context);

        public void Dispose() => messages.Dispose();

        private Task Note(object message, ConsumeContext context)
        {
            messages.Add((message, context.Headers.Get<string>(StageConsumer.Worker)));
            return Task.CompletedTask;
        }
    }
}
