using System.Globalization;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// Warns of units in which InceptionTime, which does not scale values (ADR 35), sees next to nothing: its batch normalisation adds 0.001 to
/// every variance, and its convolutions pad with zeros, which are far from series whose mean is large.
/// </summary>
internal static class UnitWarnings
{
    // The first normalisation leaves about a tenth of a signal of this deviation, and a hundredth of one of a tenth of it.
    private const double SmallestDeviation = 0.01;
    // Beyond it the steps from the padding to the series outweigh what happens in them.
    private const double LargestMeanInDeviations = 100;

    /// <summary>One sentence for each thing to know.</summary>
    /// <param name="series">Training series (cases, channels, time steps).</param>
    public static IReadOnlyList<string> Of(Tensor series)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var numbers = series.to(ScalarType.Float64);
        var means = numbers.mean([0, 2]).data<double>().ToArray();                                            // (C)
        var deviations = numbers.std([0, 2], unbiased: false).data<double>().ToArray();                       // (C)
        int[] varied = [.. Enumerable.Range(0, means.Length).Where(c => deviations[c] > 0)];
        var warnings = new List<string>();
        if (varied.Where(c => deviations[c] < SmallestDeviation).ToArray() is { Length: > 0 } small)
            warnings.Add($"InceptionTime does not scale values: {Channels(small)} a standard deviation below {Text(SmallestDeviation)} "
                + $"(channel {small[0]}: {Text(deviations[small[0]])}), which it can hardly see. Multiply the values, or do not rely on its result.");
        if (varied.Where(c => Math.Abs(means[c]) > LargestMeanInDeviations * deviations[c]).ToArray() is { Length: > 0 } far)
            warnings.Add($"InceptionTime does not scale values: {Channels(far)} a mean of more than {Text(LargestMeanInDeviations)} standard deviations "
                + $"(channel {far[0]}: mean {Text(means[far[0]])}, standard deviation {Text(deviations[far[0]])}), which hides what changes. "
                + "Subtract the mean, or do not rely on its result.");
        if (numbers.abs().max().data<double>()[0] >= (float)SeriesTensor.Largest)
            warnings.Add($"InceptionTime reads values beyond {Text(SeriesTensor.Largest)} as that number. Divide the values, or do not rely on its result.");
        return warnings;
    }

    private static string Text(double number) => number.ToString("G4", CultureInfo.InvariantCulture);

    private static string Channels(int[] channels) => channels.Length == 1 ? "one channel has" : $"{channels.Length} channels have";
}
