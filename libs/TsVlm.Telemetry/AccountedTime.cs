using System.Diagnostics;

namespace TsVlm.Telemetry;

/// <summary>The time of a stage that the spans below it explain; what they leave is work that nobody has named yet.</summary>
internal sealed class AccountedTime
{
    private const string Property = "tsvlm.accounted";
    private static readonly Lock Listening = new();
    private static ActivityListener? listener;
    private readonly List<(DateTime Started, DateTime Ended)> parts = [];

    /// <summary>Begins to take note of the spans right below a stage's.</summary>
    public static AccountedTime Of(Activity stage)
    {
        Listen();
        var accounted = new AccountedTime();
        stage.SetCustomProperty(Property, accounted);
        return accounted;
    }

    /// <summary>The time that no span explains. Spans may overlap.</summary>
    public TimeSpan Unaccounted(TimeSpan elapsed)
    {
        lock (parts)
        {
            var (explained, until) = (TimeSpan.Zero, DateTime.MinValue);
            foreach (var (started, ended) in parts.Order())
            {
                var from = started > until ? started : until;
                if (ended <= from) continue;
                explained += ended - from;
                until = ended;
            }
            return elapsed > explained ? elapsed - explained : TimeSpan.Zero;
        }
    }

    private static void Listen()
    {
        lock (Listening)
        {
            if (listener is not null) return;
            // It has no sampler: it hears of spans that others asked for.
            listener = new() { ShouldListenTo = source => source.Name == TelemetryNames.Source, ActivityStopped = Stopped };
            ActivitySource.AddActivityListener(listener);
        }
    }

    private static void Stopped(Activity span)
    {
        if (span.Parent?.GetCustomProperty(Property) is not AccountedTime stage) return;
        lock (stage.parts) stage.parts.Add((span.StartTimeUtc, span.StartTimeUtc + span.Duration));
    }
}
