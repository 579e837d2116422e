using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TsVlm.Contracts;

namespace TsVlm.Messaging.Tests;

/// <summary>What counts as on its way, on the in-memory transport.</summary>
public sealed class PendingSendsTests
{
    [Fact]
    public async Task A_message_that_a_consumer_publishes_counts_as_under_way_until_it_was_sent()
    {
        using var held = new Held();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(held).AddSendsUnderWay();
        builder.Services.AddInMemoryMessaging(1, bus => bus.AddConsumer<Answer>());
        builder.Services.AddPublishObserver(_ => held);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var sends = host.Services.GetRequiredService<PendingSends>();

        var endpoint = await host.Services.GetRequiredService<IBus>()
            .GetSendEndpoint(new($"queue:{KebabCaseEndpointNameFormatter.Instance.Consumer<Answer>()}"));
        await endpoint.Send(new ReportFailed("experiment", "reason"), TestContext.Current.CancellationToken);
        await held.Reached.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.NotEqual(TimeSpan.Zero, sends.Longest);
        held.Release();
        await held.Left.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.Zero, sends.Longest);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Answer : IConsumer<ReportFailed>
    {
        public Task Consume(ConsumeContext<ReportFailed> context) => context.Publish(new RunCancelled("run", 0));
    }

    /// <summary>Holds what is published until it is released.</summary>
    private sealed class Held : IPublishObserver, IDisposable
    {
        private readonly SemaphoreSlim gate = new(0);
        private readonly TaskCompletionSource reached = new();
        private readonly TaskCompletionSource left = new();

        public Task Reached => reached.Task;

        public Task Left => left.Task;

        public void Release() => gate.Release();

        public Task PrePublish<T>(PublishContext<T> context) where T : class
        {
            reached.SetResult();
            return gate.WaitAsync();
        }

        public Task PostPublish<T>(PublishContext<T> context) where T : class
        {
            left.SetResult();
            return Task.CompletedTask;
        }

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;

        public void Dispose() => gate.Dispose();
    }
}
