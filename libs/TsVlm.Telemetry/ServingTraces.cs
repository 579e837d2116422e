using System.Diagnostics;

namespace TsVlm.Telemetry;

/// <summary>The spans of served requests.</summary>
public static class ServingTraces
{
    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    /// <summary>Starts a span of a request, below the current one.</summary>
    public static Activity? Start(string name, string model, int numSeries) =>
        Source.StartActivity(name)?.SetTag(TelemetryNames.ServedModel, model).SetTag(TelemetryNames.NumSamples, numSeries);

    /// <summary>Starts the span of a pass: a trace of its own, linked with the requests whose series it computes.</summary>
    public static Activity? StartPass(string model, int numSeries, IEnumerable<ActivityContext> requests)
    {
        if (!Source.HasListeners()) return null;
        Activity.Current = null;
        var links = requests.Where(context => context != default).Distinct().Select(context => new ActivityLink(context));
        return Source.StartActivity(TelemetryNames.Pass, ActivityKind.Internal, default(ActivityContext), tags: null, links)
            ?.SetTag(TelemetryNames.ServedModel, model).SetTag(TelemetryNames.NumSamples, numSeries);
    }

    /// <summary>Starts the span of a message of a connection that stays open: a trace of its own, linked with the connection's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="connection">The span of the connection.</param>
    public static Activity? StartPiece(string model, ActivityContext connection)
    {
        if (!Source.HasListeners()) return null;
        Activity.Current = null;
        IEnumerable<ActivityLink> links = connection == default ? [] : [new(connection)];
        return Source.StartActivity(TelemetryNames.Piece, ActivityKind.Server, default(ActivityContext), tags: null, links)
            ?.SetTag(TelemetryNames.ServedModel, model);
    }
}
