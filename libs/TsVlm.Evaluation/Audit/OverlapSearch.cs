using TsVlm.Data;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// Series cut from one recording: the end of one is the beginning of another, or one lies inside the other, value for value in every
/// channel, over at least sixteen time steps and a quarter of the shortest series. Beginnings of few different values, as of a signal that
/// is still off, do not count.
/// </summary>
internal static class OverlapSearch
{
    private const int MinSteps = 16;
    private const ulong Factor = 0x9E3779B97F4A7C15;

    /// <summary>The pairs, at most one more than <see cref="PairSearch.MaxPairs"/>; equal series are none.</summary>
    public static IEnumerable<SeriesPair> Of(Dataset dataset, CancellationToken cancellationToken, Action<string>? progress = null)
    {
        var width = Math.Max(MinSteps, dataset.Cases.Min(c => c.Series.Length) / 4);
        List<ulong[]> bits = [.. dataset.Cases.Select(c => Bits(c.Series.Channel(0)))];
        var beginnings = bits.Index().Where(b => b.Item.Length >= width && b.Item.Take(width).Distinct().Count() > width / 2)
            .ToLookup(b => Hash(b.Item.AsSpan(0, width)), b => b.Index);
        return Pairs(dataset, bits, width, beginnings, progress, cancellationToken).Take(PairSearch.MaxPairs + 1);
    }

    private static IEnumerable<SeriesPair> Pairs(
        Dataset dataset, List<ulong[]> bits, int width, ILookup<ulong, int> beginnings, Action<string>? progress,
        CancellationToken cancellationToken)
    {
        var highest = Enumerable.Range(1, width - 1).Aggregate(1UL, (power, _) => unchecked(power * Factor));
        foreach (var (first, values) in bits.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke($"series {first + 1} of {bits.Count}");
            if (values.Length < width) continue;
            var hash = Hash(values.AsSpan(0, width));
            for (var offset = 0; ; offset++)
            {
                foreach (var second in beginnings[hash])
                {
                    if (second != first && Overlap(dataset.Cases[first].Series, dataset.Cases[second].Series, offset, width))
                        yield return new SeriesPair(PairKind.Overlapping, first, second, Offset: offset);
                }
                if (offset + width >= values.Length) break;
                hash = unchecked(((hash - (values[offset] * highest)) * Factor) + values[offset + width]);
            }
        }
    }

    private static bool Overlap(TimeSeries first, TimeSeries second, int offset, int width)
    {
        var steps = Math.Min(first.Length - offset, second.Length);
        // Series that begin together: the shorter one lies inside the longer; equally long ones are equal, which is another finding.
        if (steps < width || first.NumChannels != second.NumChannels || (offset == 0 && first.Length <= second.Length)) return false;
        for (var channel = 0; channel < first.NumChannels; channel++)
        {
            if (!first.Channel(channel).Slice(offset, steps)
                .SequenceEqual(second.Channel(channel)[..steps], EqualityComparer<double>.Default)) return false;
        }
        return true;
    }

    // Every missing value as the same bits, and one zero.
    private static ulong[] Bits(ReadOnlySpan<double> values)
    {
        var bits = new ulong[values.Length];
        for (var t = 0; t < bits.Length; t++)
            bits[t] = BitConverter.DoubleToUInt64Bits(double.IsNaN(values[t]) ? double.NaN : values[t] + 0.0);
        return bits;
    }

    private static ulong Hash(ReadOnlySpan<ulong> values)
    {
        var hash = 0UL;
        foreach (var value in values) hash = unchecked((hash * Factor) + value);
        return hash;
    }
}
