using System.Diagnostics;
using MassTransit;
using MassTransit.Logging;

namespace TsVlm.Messaging;

/// <summary>Publishes messages that belong to no trace.</summary>
public static class UntracedPublishing
{
    /// <summary>
    /// Publishes a message that is left out of traces, here and wherever it goes: heartbeats and progress, of which a long training sends
    /// thousands.
    /// The bus starts no span below one that is not recorded, and then names none in its header; without that, whoever consumes would begin
    /// a trace.
    /// </summary>
    public static async Task PublishUntraced<T>(this IPublishEndpoint bus, T message, CancellationToken cancellationToken) where T : class
    {
        if (Activity.Current is not { } current)
        {
            await bus.Publish(message, cancellationToken);
            return;
        }
        using var silent = new Activity("silent").SetParentId(current.TraceId, current.SpanId, ActivityTraceFlags.None);
        silent.ActivityTraceFlags = ActivityTraceFlags.None;
        silent.Start();
        await bus.Publish(message, (PublishContext<T> sent) => sent.Headers.Set(DiagnosticHeaders.ActivityId, silent.Id),
            cancellationToken);
    }
}
