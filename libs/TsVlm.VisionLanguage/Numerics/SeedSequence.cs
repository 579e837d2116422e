namespace TsVlm.VisionLanguage.Numerics;

/// <summary>
/// Seeds that follow from a run's seed and what they are for, so that no random choice depends on how many came before it.
/// </summary>
internal static class SeedSequence
{
    private const int OrderPurpose = 1;
    private const int DropoutPurpose = 2;
    private const int DropoutPlacePurpose = 3;
    private const int RationalePurpose = 4;

    /// <summary>Seed of the order of the samples in one epoch.</summary>
    public static int OfOrder(int seed, int epoch) => (int)(Mix(seed, OrderPurpose, epoch) >> 33);

    /// <summary>Seed of dropout in one micro-batch of one step.</summary>
    public static long OfDropout(int seed, int step, int microBatch) => (long)(Mix(seed, DropoutPurpose, step, microBatch) >> 1);

    /// <summary>Seed of the mask of one layer, from that of its micro-batch.</summary>
    public static long OfDropoutPlace(long seed, int place) => (long)(Mix((int)seed, (int)(seed >> 32), DropoutPlacePurpose, place) >> 1);

    /// <summary>A number from 0 to less than 1 that decides whether a sample's rationale is learnt in one epoch.</summary>
    public static double OfRationale(int seed, int epoch, int sample) =>
        (Mix(seed, RationalePurpose, epoch, sample) >> 11) * Math.Pow(2, -53);

    /// <summary>Absorbs the numbers one by one with the finaliser of SplitMix64 (Steele et al. 2014).</summary>
    private static ulong Mix(params ReadOnlySpan<int> numbers)
    {
        var state = 0UL;
        foreach (var number in numbers)
        {
            state += unchecked((uint)number) + 0x9E3779B97F4A7C15UL;
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
            state ^= state >> 31;
        }
        return state;
    }
}
