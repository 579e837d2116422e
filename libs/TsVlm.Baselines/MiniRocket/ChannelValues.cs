using TsVlm.Baselines.Series;
using TsVlm.Data;

namespace TsVlm.Baselines.MiniRocket;

/// <summary>A series made ready for convolution: single precision as published, no missing values.</summary>
internal static class ChannelValues
{
    /// <summary>Sums over a kernel and nine channels stay finite below this; larger values count as this large.</summary>
    private const double Largest = 1e36;

    /// <summary>Values (channels, time steps).</summary>
    /// <param name="series">The series; missing values are filled by <see cref="MissingValues.Fill"/>.</param>
    /// <param name="numChannels">Channels of the training series.</param>
    /// <param name="name">What an error calls the series.</param>
    /// <exception cref="ArgumentException">Another number of channels, or an infinite value.</exception>
    public static float[][] Of(TimeSeries series, int numChannels, string name)
    {
        if (series.NumChannels != numChannels)
            throw new ArgumentException($"{name}: expected {numChannels} channels as in training series 0, found {series.NumChannels}.",
                nameof(series));
        return [.. Enumerable.Range(0, numChannels).Select(channel => Array.ConvertAll(MissingValues.Fill(series.Channel(channel)), value =>
            double.IsFinite(value) ? (float)Math.Clamp(value, -Largest, Largest)
                : throw new ArgumentException($"{name}: expected finite values, found {value} in channel {channel}.", nameof(series))))];
    }
}
