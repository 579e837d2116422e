using System.Diagnostics;
using TsVlm.Contracts;
using TsVlm.Telemetry;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Trainer;

/// <summary>A training as spans and metrics: what the tuner tells, which knows nothing of traces.</summary>
internal static class TrainingTraces
{
    /// <summary>Writes an epoch that is over, with its validation, below the current span.</summary>
    public static void Write(FineTuningEpoch epoch, RunSpec run, int numValidation)
    {
        StageMetrics.Tokens(Stage.Training, epoch.TokensPerSecond);
        var span = RunTraces.Write(TelemetryNames.Epoch, epoch.Started, epoch.Ended, default,
        [
            .. RunTraces.Facts(run),
            new(TelemetryNames.EpochNumber, epoch.Number),
            new(TelemetryNames.NumSamples, epoch.NumSamples),
            new(TelemetryNames.SamplesPerSecond, epoch.SamplesPerSecond),
            new(TelemetryNames.NumTokens, epoch.NumTokens),
            new(TelemetryNames.TokensPerSecond, epoch.TokensPerSecond),
            new(TelemetryNames.Loss, epoch.Loss),
            .. epoch.IsRefit ? [new(TelemetryNames.Refit, true)] : (KeyValuePair<string, object?>[])[],
        ]);
        if (epoch.ValidationLoss is not { } loss) return;
        StageMetrics.Validated(loss);
        RunTraces.Write(TelemetryNames.Validation, epoch.Trained, epoch.Ended, span?.Context ?? default,
        [
            .. RunTraces.Facts(run),
            new(TelemetryNames.EpochNumber, epoch.Number),
            new(TelemetryNames.NumSamples, numValidation),
            new(TelemetryNames.SamplesPerSecond, numValidation / Math.Max((epoch.Ended - epoch.Trained).TotalSeconds, 1e-6)),
            new(TelemetryNames.Loss, loss),
        ]);
    }

    /// <summary>Tells on the stage's span what the whole training was like, earlier attempts included.</summary>
    public static void Finish(Activity? training, FineTuningResult result) => training?
        .SetTag(TelemetryNames.NumSamples, result.NumSamplesSeen)
        .SetTag(TelemetryNames.SamplesPerSecond, result.SamplesPerSecond)
        .SetTag(TelemetryNames.Loss, result.Steps is [.., var last] ? last.Loss : null);   // an epoch may be too short for a step
}
