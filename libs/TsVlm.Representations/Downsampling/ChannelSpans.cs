using TsVlm.Data;

namespace TsVlm.Representations.Downsampling;

/// <summary>
/// How far each channel of one series reaches, so that channels of different units weigh the same where points are chosen for all at once.
/// </summary>
internal static class ChannelSpans
{
    /// <summary>1 / (maximum - minimum) of each channel; 0 where a channel is constant or missing, which leaves it without a say.</summary>
    public static double[] Inverse(TimeSeries series)
    {
        var inverse = new double[series.NumChannels];
        for (var c = 0; c < inverse.Length; c++)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var value in series.Channel(c))
            {
                if (value < low) low = value;
                if (value > high) high = value;
            }
            var scale = 1 / (high - low);
            inverse[c] = high > low && double.IsFinite(scale) ? scale : 0;
        }
        return inverse;
    }
}
