namespace TsVlm.Data.Generators;

/// <summary>
/// Two Patterns: noise with two steps, each upward or downward; their order is the class (P. Geurts, "Contributions to decision tree
/// induction: bias/variance tradeoff and time series classification", PhD thesis, University of Liege 2002).
/// The steps run from -5 to 5 or from 5 to -5, free of noise, and do not overlap; between them is standard normal noise. Duration and place
/// are random; here a step takes an even number of 16 to 48 time steps, and what is left of 128 is shared out at random before, between and
/// after.
/// </summary>
internal static class TwoPatterns
{
    private const int Length = 128;
    private const double Height = 5;

    /// <summary>The generator.</summary>
    public static SeriesGenerator Generator { get; } = new(
        "TwoPatterns", ["down-down", "up-down", "down-up", "up-up"],
        "Geurts 2002", (label, random) => new TimeSeries([Draw(label, random)]));

    private static double[] Draw(int label, Random random)
    {
        var (firstLength, secondLength) = (2 * random.Next(8, 25), 2 * random.Next(8, 25));
        var free = Length - firstLength - secondLength;
        var (cut, otherCut) = (random.Next(free + 1), random.Next(free + 1));
        var (before, between) = (Math.Min(cut, otherCut), Math.Abs(cut - otherCut));
        var values = random.Noise(Length);
        Step(values.AsSpan(before, firstLength), isUp: label is 1 or 3);
        Step(values.AsSpan(before + firstLength + between, secondLength), isUp: label is 2 or 3);
        return values;
    }

    private static void Step(Span<double> window, bool isUp)
    {
        var start = isUp ? -Height : Height;
        window[..(window.Length / 2)].Fill(start);
        window[(window.Length / 2)..].Fill(-start);
    }
}
