using System.Globalization;
using MassTransit;

namespace TsVlm.Messaging;

/// <summary>How often a message has come, and how long to wait before it comes again.</summary>
public static class Deliveries
{
    /// <summary>How often the broker has delivered this message, this time included.</summary>
    public static int NumOf(ConsumeContext context) =>
        1 + Convert.ToInt32(context.ReceiveContext.TransportHeaders.Get<object>("x-delivery-count") ?? 0, CultureInfo.InvariantCulture);

    private const int MaxTriplings = 3;

    /// <summary>
    /// Waits before a failure that may pass is given back to the broker, the longer the more often it was tried, so that an outage of a
    /// minute does not use up the deliveries.
    /// </summary>
    public static Task BackOff(ConsumeContext context, MessagingSettings messaging, TimeProvider clock) =>
        Task.Delay(messaging.FirstWait * Math.Pow(3, Math.Min(NumOf(context) - 1, MaxTriplings)), clock, context.CancellationToken);
}
