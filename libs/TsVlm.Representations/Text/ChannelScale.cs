using TsVlm.Data;

namespace TsVlm.Representations.Text;

/// <summary>What is done to one channel's values before they are written: minus mean, over deviation.</summary>
/// <param name="Mean">Mean over the training split; 0 for unchanged values.</param>
/// <param name="Deviation">Standard deviation over the training split; 1 for unchanged values and for a constant channel.</param>
public sealed record ChannelScale(double Mean, double Deviation)
{
    /// <summary>Leaves values as they are.</summary>
    public static ChannelScale Identity { get; } = new(0, 1);

    /// <summary>The scaled value; NaN stays NaN.</summary>
    public double Apply(double value) => (value - Mean) / Deviation;

    /// <summary>The scaled values of a channel.</summary>
    public double[] Apply(ReadOnlySpan<double> values)
    {
        var scaled = new double[values.Length];
        for (var t = 0; t < values.Length; t++) scaled[t] = Apply(values[t]);
        return scaled;
    }

    /// <summary>
    /// Fits mean and population deviation of a channel over the present values of all training series; identity where there are none.
    /// </summary>
    internal static ChannelScale Fit(IReadOnlyList<TimeSeries> training, int channel)
    {
        var moments = Moments.Of(training.SelectMany(series => series.Channel(channel).ToArray()));
        return moments.Count == 0 ? Identity : new ChannelScale(moments.Mean, moments.Deviation > 0 ? moments.Deviation : 1);
    }
}
