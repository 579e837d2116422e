using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// What a training sees of the rationales in its samples: all of them by their weight, or of some samples, drawn anew in each epoch, the
/// answer alone. Drawn from seed, epoch and sample, so a continued training sees the same.
/// </summary>
/// <param name="recipe">Weight, and share of samples without.</param>
/// <param name="seed">Seed of the draws.</param>
internal sealed class RationaleLearning(Recipe recipe, int seed)
{
    private readonly double weight = recipe.RationaleWeight ?? 1;

    /// <summary>The sample as a pass over the training split sees it.</summary>
    /// <param name="sample">The whole sample.</param>
    /// <param name="index">Its place in the training split.</param>
    /// <param name="pass">Number of the pass, from 0.</param>
    public EncodedSample Of(EncodedSample sample, int index, int pass)
    {
        if (sample.Rationale is null) return sample;
        var seen = SeedSequence.OfRationale(seed, pass, index) < recipe.RationaleDropout ? AnswerAlone(sample) : sample;
        return weight == 0 ? WithoutTargets(seen) : seen with { RationaleWeight = weight };
    }

    /// <summary>Prompt, answer and what ends the sequence.</summary>
    /// <exception cref="FineTuningException">The answer stands behind the rationale, so it cannot do without.</exception>
    private static EncodedSample AnswerAlone(EncodedSample sample)
    {
        var (start, end) = sample.Rationale!;
        if (end != sample.InputIds.Length)
            throw new FineTuningException(
                $"Case {sample.Case}: expected the rationale behind the answer where rationales are left out, found it before. "
                + "Set recipe.rationaleDropout to 0.");
        return sample with
        {
            InputIds = [.. sample.InputIds[..start], sample.InputIds[^1]],
            TargetIds = [.. sample.TargetIds[..start], sample.TargetIds[^1]],
            Rationale = new(start, start + 1),
        };
    }

    private static EncodedSample WithoutTargets(EncodedSample sample)
    {
        var targets = sample.TargetIds.ToArray();
        targets.AsSpan(sample.Rationale!.Start, sample.Rationale.End - sample.Rationale.Start).Fill(ConversationEncoding.IgnoredTarget);
        return sample with { TargetIds = targets };
    }
}
