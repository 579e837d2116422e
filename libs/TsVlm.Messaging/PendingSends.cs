using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace TsVlm.Messaging;

/// <summary>The messages that this process sends just now, and for how long.</summary>
public sealed class PendingSends(TimeProvider clock) : ISendObserver, IPublishObserver
{
    private readonly ConcurrentDictionary<Guid, long> begun = new();

    /// <summary>How long the oldest of them has been on its way; zero where none is.</summary>
    public TimeSpan Longest => begun.Values.Select(time => clock.GetElapsedTime(time)).DefaultIfEmpty().Max();

    /// <inheritdoc />
    public Task PreSend<T>(SendContext<T> context) where T : class => Begin(context);

    /// <inheritdoc />
    public Task PostSend<T>(SendContext<T> context) where T : class => End(context);

    /// <inheritdoc />
    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => End(context);

    /// <inheritdoc />
    public Task PrePublish<T>(PublishContext<T> context) where T : class => Begin(context);

    /// <inheritdoc />
    public Task PostPublish<T>(PublishContext<T> context) where T : class => End(context);

    /// <inheritdoc />
    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => End(context);

    private Task Begin(SendContext context)
    {
        if (context.MessageId is { } id) begun[id] = clock.GetTimestamp();
        return Task.CompletedTask;
    }

    private Task End(SendContext context)
    {
        if (context.MessageId is { } id) begun.TryRemove(id, out _);
        return Task.CompletedTask;
    }
}

/// <summary>Watches what a process sends.</summary>
public static class PendingSendsRegistration
{
    /// <summary>Registers <see cref="PendingSends"/> as observer of everything that the bus and its consumers send and publish.</summary>
    public static IServiceCollection AddSendsUnderWay(this IServiceCollection services) => services
        .AddSingleton<PendingSends>()
        .AddSendObserver(provider => provider.GetRequiredService<PendingSends>())
        .AddPublishObserver(provider => provider.GetRequiredService<PendingSends>());
}
