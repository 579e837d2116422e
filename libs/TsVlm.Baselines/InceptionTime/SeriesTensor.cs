using TsVlm.Baselines.Series;
using TsVlm.Data;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// Series as a network reads them: of one length, without missing values, single precision; as in the reference, nothing is scaled.
/// </summary>
internal static class SeriesTensor
{
    // Squares of values and sums of them stay finite below this; larger values count as this large.
    internal const double Largest = 1e15;

    /// <summary>
    /// Tensors (cases, channels, time steps). As for nearest neighbours, missing values are filled from the series itself, and other
    /// lengths stretched linearly to that of the longest training series.
    /// </summary>
    /// <exception cref="ArgumentException">No training series, different numbers of channels, or an infinite value.</exception>
    public static (Tensor Training, Tensor Test) Of(IReadOnlyList<TimeSeries> training, IReadOnlyList<TimeSeries> test)
    {
        var (known, asked) = ComparableSeries.Prepare([.. training.Select(Clamped)], [.. test.Select(Clamped)]);
        var (numChannels, length) = (known[0].NumChannels, known[0].Stretched.Length / known[0].NumChannels);
        return (Stack(known), Stack(asked));

        Tensor Stack(ComparableSeries[] all)
        {
            using var scope = NewDisposeScope();
            var values = Array.ConvertAll([.. all.SelectMany(series => series.Stretched)], value => (float)value);
            return tensor(values, [all.Length, length, numChannels]).transpose(1, 2).contiguous().MoveToOuterDisposeScope();
        }
    }

    private static TimeSeries Clamped(TimeSeries series) => new(Enumerable.Range(0, series.NumChannels).Select(channel =>
        Array.ConvertAll(series.Channel(channel)
            .ToArray(), value => double.IsInfinity(value) ? value : Math.Clamp(value, -Largest, Largest))));
}
