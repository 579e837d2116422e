using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// Which samples each step sees: a seeded shuffle an epoch, cut into steps of <paramref name="MicroBatchSize"/> x
/// <paramref name="GradientAccumulation"/> samples. The last step of an epoch takes what is left; no sample is dropped.
/// </summary>
/// <param name="NumSamples">Samples in the training split.</param>
/// <param name="Epochs">Passes over them; the fraction at the end takes that share of one more shuffle, rounded to whole samples.</param>
/// <param name="MicroBatchSize">Samples in one forward pass.</param>
/// <param name="GradientAccumulation">Forward passes in one step.</param>
/// <param name="Seed">Seed of the shuffles.</param>
public sealed record EpochSampler(int NumSamples, double Epochs, int MicroBatchSize, int GradientAccumulation, int Seed)
{
    /// <summary>
    /// Tokens of each sample, where samples of like length are to share a forward pass; null leaves the shuffle as it is.
    /// </summary>
    public IReadOnlyList<int>? Lengths { get; init; }

    private int NumWholeEpochs => (int)Epochs;

    private int SamplesPerStep => MicroBatchSize * GradientAccumulation;

    private int StepsPerWholeEpoch => StepsFor(NumSamples);

    private int NumSamplesOfLastPart => (int)Math.Round((Epochs - NumWholeEpochs) * NumSamples, MidpointRounding.AwayFromZero);

    /// <summary>Steps in all.</summary>
    public int NumSteps => NumWholeEpochs * StepsPerWholeEpoch + StepsFor(NumSamplesOfLastPart);

    /// <summary>Samples seen in all steps together.</summary>
    public long NumSamplesInAll => (long)NumWholeEpochs * NumSamples + NumSamplesOfLastPart;

    /// <summary>Steps of the first epochs; a fraction at the end counts as one.</summary>
    public int StepsOf(int numEpochs) => (int)Math.Min((long)numEpochs * StepsPerWholeEpoch, NumSteps);

    /// <summary>Samples seen in the first steps.</summary>
    public long SamplesAfter(int numSteps)
    {
        var (epochs, steps) = Math.DivRem(numSteps, StepsPerWholeEpoch);
        return Math.Min((long)epochs * NumSamples + Math.Min((long)steps * SamplesPerStep, NumSamples), NumSamplesInAll);
    }

    /// <summary>Whether a step (counted from 0) is the last of an epoch, be it a fraction of one.</summary>
    public bool EndsEpoch(int step) => (step + 1) % StepsPerWholeEpoch == 0 || step + 1 == NumSteps;

    /// <summary>The steps from <paramref name="step"/> (counted from 0) to the end.</summary>
    public IEnumerable<BatchStep> From(int step)
    {
        int[] order = [];
        for (var epoch = -1; step < NumSteps; step++)
        {
            if (epoch != step / StepsPerWholeEpoch)
            {
                epoch = step / StepsPerWholeEpoch;
                order = OrderOf(epoch);
            }
            var start = (step - epoch * StepsPerWholeEpoch) * SamplesPerStep;
            var samples = order[start..Math.Min(start + SamplesPerStep, order.Length)];
            var seen = start + samples.Length;
            yield return new BatchStep(step, (long)epoch * NumSamples + seen, epoch + (double)seen / NumSamples)
            {
                Pass = epoch,
                MicroBatches = [.. samples.Chunk(MicroBatchSize)],
                EndsEpoch = EndsEpoch(step),
            };
        }
    }

    private int[] OrderOf(int epoch)
    {
        var order = Enumerable.Range(0, NumSamples).ToArray();
        var random = new Random(SeedSequence.OfOrder(Seed, epoch));
        Shuffle(order, random);
        if (epoch >= NumWholeEpochs) order = order[..NumSamplesOfLastPart];
        return Lengths is null ? order : LengthGroups.Of(order, Lengths, MicroBatchSize, SamplesPerStep, random);
    }

    /// <summary>
    /// Fisher and Yates's shuffle of the first <paramref name="count"/> items, or of all; not <see cref="Random.Shuffle{T}(T[])"/>, whose
    /// draws may change.
    /// </summary>
    internal static void Shuffle<T>(T[] items, Random random, int? count = null)
    {
        for (var i = (count ?? items.Length) - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private int StepsFor(int samples) => (samples + SamplesPerStep - 1) / SamplesPerStep;
}

/// <summary>The samples of one step.</summary>
/// <param name="Step">Number of the step, from 0.</param>
/// <param name="SamplesDone">Samples seen after the step.</param>
/// <param name="Epoch">Passes over the training split after the step; fractions count.</param>
public sealed record BatchStep(int Step, long SamplesDone, double Epoch)
{
    /// <summary>Number of the pass over the training split that the step belongs to, from 0.</summary>
    public int Pass { get; init; }

    /// <summary>Indices of the samples, by forward pass.</summary>
    public required IReadOnlyList<int[]> MicroBatches { get; init; }

    /// <summary>True for the last step of an epoch, be it a fraction of one.</summary>
    public required bool EndsEpoch { get; init; }
}
