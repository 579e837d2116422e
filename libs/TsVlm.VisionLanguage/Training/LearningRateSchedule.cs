namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// Linear warm-up, then half a cosine down to 0: Hugging Face's <c>get_cosine_schedule_with_warmup</c> without its first step. That one has
/// learning rate 0, so a training of one step would change nothing; this schedule of N steps with W of warm-up is theirs of N + 1 and W + 1
/// from the second step on.
/// </summary>
/// <param name="NumSteps">Steps in all.</param>
/// <param name="NumWarmupSteps">Steps in which the learning rate rises.</param>
public sealed record LearningRateSchedule(int NumSteps, int NumWarmupSteps)
{
    /// <summary>The schedule in which the warm-up takes that share of the steps, rounded up as Hugging Face's Trainer does.</summary>
    public static LearningRateSchedule WithWarmupRatio(int numSteps, double warmupRatio) =>
        new(numSteps, (int)Math.Ceiling(numSteps * warmupRatio));

    /// <summary>What the highest learning rate is multiplied with at a step, counted from 0.</summary>
    public double Factor(int step)
    {
        if (step < NumWarmupSteps) return (step + 1.0) / (NumWarmupSteps + 1);
        var progress = (double)(step - NumWarmupSteps) / Math.Max(1, NumSteps - NumWarmupSteps);
        return Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }
}
