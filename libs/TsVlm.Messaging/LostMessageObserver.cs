using MassTransit;

namespace TsVlm.Messaging;

/// <summary>
/// Ends a process without a broker when a message could not be handled: nothing delivers it again, so whoever waits for its effect would
/// wait for ever.
/// </summary>
internal sealed class LostMessageObserver(BrokenProcess process, MessagingSettings settings) : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class
    {
        if (!settings.HasBroker && exception is not OperationCanceledException) process.Report(exception);
        return Task.CompletedTask;
    }
}
