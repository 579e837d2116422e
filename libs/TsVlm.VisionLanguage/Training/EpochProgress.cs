using TsVlm.VisionLanguage.Inputs;

namespace TsVlm.VisionLanguage.Training;

/// <summary>What one pass over the training split was like; the rest of one, where a training was continued within it.</summary>
/// <param name="Number">Number of the pass, from 1; a fraction at the end counts.</param>
/// <param name="Started">When its first step began.</param>
/// <param name="Trained">When its last step ended.</param>
/// <param name="Ended">When its validation ended.</param>
/// <param name="NumSamples">Samples seen, each time counted.</param>
/// <param name="NumTokens">Tokens of their sequences, image tokens included, padding not.</param>
/// <param name="Loss">Mean of the steps' losses, in nats.</param>
/// <param name="ValidationLoss">Loss on the validation split, in nats; null without one.</param>
public sealed record FineTuningEpoch(
    int Number, DateTimeOffset Started, DateTimeOffset Trained, DateTimeOffset Ended, long NumSamples, long NumTokens, double Loss,
    double? ValidationLoss)
{
    /// <summary>Whether it is an epoch of a refit, over training and validation split.</summary>
    public bool IsRefit { get; init; }

    /// <summary>Samples a second, validation not included.</summary>
    public double SamplesPerSecond => NumSamples / Seconds;

    /// <summary>Tokens a second, validation not included.</summary>
    public double TokensPerSecond => NumTokens / Seconds;

    private double Seconds => Math.Max((Trained - Started).TotalSeconds, 1e-6);
}

/// <summary>Adds up the steps of an epoch.</summary>
internal sealed class EpochProgress(TimeProvider clock)
{
    private DateTimeOffset started = clock.GetUtcNow();
    private DateTimeOffset trained;
    private (int Steps, long Samples, long Tokens, double Loss) sums;

    /// <summary>Notes a step that has just ended.</summary>
    public void Add(BatchStep step, Func<int, EncodedSample> sampleAt, double loss)
    {
        trained = clock.GetUtcNow();
        var samples = step.MicroBatches.Sum(indices => (long)indices.Length);
        var tokens = step.MicroBatches.Sum(indices => indices.Sum(i => (long)sampleAt(i).InputIds.Length));
        sums = (sums.Steps + 1, sums.Samples + samples, sums.Tokens + tokens, sums.Loss + loss);
    }

    /// <summary>Ends the epoch of that many passes, and begins the next.</summary>
    public FineTuningEpoch End(double passes, double? validationLoss)
    {
        var now = clock.GetUtcNow();
        var ended = new FineTuningEpoch((int)Math.Ceiling(passes), started, trained, now, sums.Samples, sums.Tokens, sums.Loss / sums.Steps,
            validationLoss);
        started = now;
        sums = default;
        return ended;
    }
}
