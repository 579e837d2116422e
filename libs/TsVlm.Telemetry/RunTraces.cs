using System.Diagnostics;
using TsVlm.Contracts;

namespace TsVlm.Telemetry;

/// <summary>
/// The traces of runs. A run has one trace for as long as it is wanted: its context is kept with the run and travels with the run's messages,
/// and its root is written when the run has ended. Nothing of this costs anything where nobody listens.
/// </summary>
public static class RunTraces
{
    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    /// <summary>Whether spans are sent anywhere.</summary>
    public static bool AreWanted => Source.HasListeners();

    /// <summary>
    /// Begins the trace of a run with the span of its submission, linked both ways with the span of the request. The caller's own span stays
    /// the current one.
    /// </summary>
    /// <returns>What to call once the run is recorded, and only then; null where nobody listens.</returns>
    public static RunSubmission? Begin(RunSpec run, int generation)
    {
        var asking = Activity.Current;
        Activity.Current = null;
        try
        {
            // Asks the sampler, and names the root that WriteRoot writes; as it is never stopped, it is never sent itself.
            if (Source.StartActivity(TelemetryNames.Run, ActivityKind.Internal, default(ActivityContext), Facts(run, generation))
                is not { } root) return null;
            return new(root.Id!, root.Context, Source.StartActivity(TelemetryNames.Submission, ActivityKind.Internal, root.Context,
                Facts(run, generation), asking is null ? null : [new(asking.Context)]));
        }
        finally
        {
            Activity.Current = asking;
        }
    }

    /// <summary>Writes the root of a run's trace, once the run has ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="generation">How often it was asked for anew.</param>
    /// <param name="traceParent">What was kept of its trace.</param>
    /// <param name="started">When it was asked for.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="error">Why it failed; null where it did not.</param>
    public static void WriteRoot(
        RunSpec run, int generation, string traceParent, DateTimeOffset started, DateTimeOffset ended, string outcome, string? error)
    {
        if (!ActivityContext.TryParse(traceParent, null, out var root) || !root.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)) return;
        var current = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity(TelemetryNames.Run, ActivityKind.Internal, root, Facts(run, generation), links: null, started);
        if (span is not null)
        {
            RootIdentity.Set(span, root.SpanId);
            span.SetTag(TelemetryNames.Outcome, outcome).SetStatus(error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, error);
            span.SetEndTime(ended.UtcDateTime);
            span.Stop();
        }
        Activity.Current = current;
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

    private static IEnumerable<KeyValuePair<string, object?>> Facts(RunSpec run, int generation) =>
        Facts(run).Append(new(TelemetryNames.Generation, generation));
}

/// <summary>The submission of a run that is being recorded.</summary>
/// <param name="traceParent">What is to be kept with the run, in W3C form.</param>
/// <param name="root">Context of the run's root.</param>
/// <param name="span">The submission's own span.</param>
public sealed class RunSubmission(string traceParent, ActivityContext root, Activity? span)
{
    /// <summary>What is to be kept with the run, in W3C form.</summary>
    public string TraceParent => traceParent;

    /// <summary>When the run was asked for.</summary>
    public DateTime StartedUtc { get; } = DateTime.UtcNow;

    /// <summary>The run is recorded: writes the span of its submission.</summary>
    public void End()
    {
        var asking = Activity.Current;
        span?.Stop();
        Activity.Current = asking;
        asking?.AddLink(new(root));
    }
}
