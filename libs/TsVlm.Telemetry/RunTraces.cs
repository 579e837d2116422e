using System.Diagnostics;
using TsVlm.Contracts;

namespace TsVlm.Telemetry;

/// <summary>
/// The traces of runs. A run has one trace for as long as it is wanted: its root is written when the run is asked for, and its context is
/// kept with the run and travels with the run's messages. Nothing of this costs anything where nobody listens.
/// </summary>
public static class RunTraces
{
    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    /// <summary>
    /// Begins the trace of a run, linked both ways with the span of the request. Stop it once the run is recorded, and only then: a
    /// root that is not stopped is never seen. The caller's own span stays the current one.
    /// </summary>
    public static Activity? Begin(RunSpec run, int generation)
    {
        var asking = Activity.Current;
        Activity.Current = null;
        try
        {
            return Source.CreateActivity(
                TelemetryNames.Run, ActivityKind.Internal, default(ActivityContext), Facts(run)
                .Append(new(TelemetryNames.Generation, generation)),
                asking is null ? null : [new(asking.Context)])?.Start();
        }
        finally
        {
            Activity.Current = asking;
        }
    }

    /// <summary>Writes the root of a run's trace.</summary>
    public static void End(Activity root)
    {
        var asking = Activity.Current;
        root.Stop();
        Activity.Current = asking;
        asking?.AddLink(new(root.Context));
    }

    /// <summary>Goes on with a run's trace from what was kept of it; without one, with a trace of its own.</summary>
    public static Activity? Dispatch(string what, string? traceParent, IEnumerable<KeyValuePair<string, object?>> facts)
    {
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var context);
        Activity.Current = null;   // a look at the run state belongs to no trace, whoever caused it
        return Source.StartActivity($"{TelemetryNames.Dispatch} {what}", ActivityKind.Internal, context, facts);
    }

    /// <summary>Starts a span of a run in the trace that it was kept of; null where none was kept.</summary>
    public static Activity? Continue(string name, string? traceParent, RunSpec run)
    {
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var context)) return null;
        IEnumerable<ActivityLink>? links = Activity.Current is { } current ? [new(current.Context)] : null;
        return Source.StartActivity(name, ActivityKind.Internal, context, Facts(run), links);
    }

    /// <summary>Starts a span below the current one.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>Starts a span of a run below the current one.</summary>
    public static Activity? Start(string name, RunSpec run) =>
        Source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), Facts(run));

    /// <summary>Writes a span that is over, below <paramref name="parent"/> or, without one, below the current one.</summary>
    public static Activity? Write(string name, DateTimeOffset started, DateTimeOffset ended, ActivityContext parent,
        IEnumerable<KeyValuePair<string, object?>> facts)
    {
        var current = Activity.Current;
        var span = Source.StartActivity(name, ActivityKind.Internal, parent, facts, links: null, started);
        span?.SetEndTime(ended.UtcDateTime);
        span?.Stop();
        Activity.Current = current;
        return span;
    }

    /// <summary>Says on a span that its work failed, and why.</summary>
    public static void Fail(this Activity? span, Exception error, string reason)
    {
        span?.SetStatus(ActivityStatusCode.Error, reason);
        span?.SetTag(TelemetryNames.ErrorType, error.GetType().FullName);
        span?.AddException(error);
    }

    /// <summary>What every span of a run tells of it.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Facts(RunSpec run) =>
    [
        new(TelemetryNames.RunId, run.Id),
        new(TelemetryNames.Dataset, run.Dataset.Name),
        new(TelemetryNames.Scenario, run.ScenarioName),
        new(TelemetryNames.Resample, run.Split.Resample),
        new(TelemetryNames.Seed, run.Seed),
    ];
}
