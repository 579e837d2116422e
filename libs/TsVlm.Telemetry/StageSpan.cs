using System.Diagnostics;
using TsVlm.Contracts;

namespace TsVlm.Telemetry;

/// <summary>One attempt at a stage of a run: its span and its metrics.</summary>
internal sealed class StageSpan : IDisposable
{
    /// <summary>The artifact is in the store.</summary>
    public const string Done = "done";

    /// <summary>It failed for good.</summary>
    public const string Failed = "failed";

    /// <summary>It failed and is tried again.</summary>
    public const string Retried = "retried";

    /// <summary>The run was cancelled.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The process stops, and another goes on.</summary>
    public const string Stopped = "stopped";

    private readonly Activity? span;
    private readonly AccountedTime? accounted;
    private readonly Stage stage;
    private readonly TimeProvider clock;
    private readonly long started;

    private StageSpan(Activity? span, Stage stage, TimeProvider clock)
    {
        this.span = span;
        this.stage = stage;
        this.clock = clock;
        accounted = span is null ? null : AccountedTime.Of(span);
        started = clock.GetTimestamp();
    }

    /// <summary>Begins an attempt.</summary>
    /// <param name="command">What is to be done.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="attempt">Number of the attempt, from 1.</param>
    /// <param name="wait">Time since the command was sent; null where it had been delivered before.</param>
    /// <param name="clock">Measures the attempt.</param>
    public static StageSpan Begin(IStageCommand command, Stage stage, int attempt, TimeSpan? wait, TimeProvider clock)
    {
        StageMetrics.Begin(stage, wait);
        var span = RunTraces.Start(StageMetrics.NameOf(stage), command.Run);
        span?.SetTag(TelemetryNames.Stage, StageMetrics.NameOf(stage)).SetTag(TelemetryNames.Attempt, attempt)
            .SetTag(TelemetryNames.Generation, command.Generation);
        return new(span, stage, clock);
    }

    /// <summary>Says how it ended; with an error, also why.</summary>
    public void End(string outcome, Exception? error = null, string? reason = null)
    {
        span?.SetTag(TelemetryNames.Outcome, outcome);
        if (error is not null) span.Fail(error, reason!);
        else span?.SetStatus(ActivityStatusCode.Ok);
        var elapsed = clock.GetElapsedTime(started);
        if (accounted?.Unaccounted(elapsed) is { } unaccounted)
        {
            span!.SetTag(TelemetryNames.Unaccounted, unaccounted.TotalSeconds);
            StageMetrics.Unaccounted(stage, unaccounted);
        }
        // Who asks for a stop has no failure.
        StageMetrics.End(stage, outcome, elapsed, outcome is Failed or Retried ? error : null);
    }

    /// <summary>Writes the span.</summary>
    public void Dispose() => span?.Dispose();
}
