namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// Linear warm-up from 0, then half a cosine down to 0: Hugging Face's <c>get_cosine_schedule_with_warmup</c>.
/// With a warm-up the first step has learning rate 0, as there.
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
        if (step < NumWarmupSteps) return (double)step / NumWarmupSteps;
        var progress = (double)(step - NumWarmupSteps) / Math.Max(1, NumSteps - NumWarmupSteps);
        return Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }
}
