namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// Puts samples of like length into one forward pass, after <c>get_length_grouped_indices</c> of Hugging Face's Trainer: a shuffle is cut
/// into groups of many steps, each group is sorted by length and cut into micro-batches. Unlike there the micro-batches are shuffled again,
/// so that no step consists of long samples only.
/// </summary>
internal static class LengthGroups
{
    private const int StepsInGroup = 50;   // as in Hugging Face's Trainer, and
    private const int GroupsInEpoch = 4;   // at least so many groups, or the order of a small data set would be that of the lengths

    /// <summary>The samples of <paramref name="shuffled"/>, each once, in an order whose micro-batches hold like lengths.</summary>
    public static int[] Of(int[] shuffled, IReadOnlyList<int> lengths, int microBatchSize, int samplesPerStep, Random random)
    {
        var groupSize = samplesPerStep * Math.Clamp(shuffled.Length / (samplesPerStep * GroupsInEpoch), 1, StepsInGroup);
        return [.. shuffled.Chunk(groupSize).SelectMany(group => OfGroup(group, lengths, microBatchSize, random))];
    }

    private static IEnumerable<int> OfGroup(int[] group, IReadOnlyList<int> lengths, int microBatchSize, Random random)
    {
        // The sort is stable: equal lengths keep the order of the shuffle.
        int[][] microBatches = [.. group.OrderByDescending(sample => lengths[sample]).Chunk(microBatchSize)];
        // An incomplete one stays last, where the epoch ends; elsewhere it would shift all that follow.
        var isIncomplete = microBatches[^1].Length < microBatchSize;
        EpochSampler.Shuffle(microBatches, random, microBatches.Length - (isIncomplete ? 1 : 0));
        return microBatches.SelectMany(samples => samples);
    }
}
