using System.Numerics;
using MathNet.Numerics.IntegralTransforms;
using TsVlm.Baselines.Series;
using TsVlm.Data;
using TsVlm.Representations.Text;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// The statistics of a series whose distributions an audit compares; those of a channel are of its present values, or of the interpolated ones
/// where order counts.
/// </summary>
public static class SeriesStatistics
{
    /// <summary>Statistics of the whole series.</summary>
    public static IReadOnlyList<(string Name, Func<TimeSeries, double> Of)> OfSeries { get; } =
    [
        ("length", s => s.Length),
        ("share of missing values", s => (double)s.NumMissing / (s.NumChannels * s.Length)),
    ];

    /// <summary>Names of the statistics of one channel, in the order of <see cref="OfChannel"/>.</summary>
    public static IReadOnlyList<string> ChannelNames { get; } = ["mean", "standard deviation", "range", "lag-1 autocorrelation",
        "spectral centroid"];

    /// <summary>
    /// Mean; standard deviation; largest minus smallest value; autocorrelation of neighbours; mean frequency weighted by power, in cycles a
    /// time step.
    /// </summary>
    public static double[] OfChannel(TimeSeries series, int channel)
    {
        var filled = MissingValues.Fill(series.Channel(channel));
        var moments = Moments.Of(series.Channel(channel).ToArray());
        var centre = filled.Average();
        double[] centred = [.. filled.Select(v => v - centre)];
        var power = moments.Deviation == 0 ? 0 : centred.Sum(v => v * v);
        return [moments.Mean, moments.Deviation, moments.Maximum - moments.Minimum, power == 0
            ? 0 : centred.Zip(centred.Skip(1), (a, b) => a * b).Sum() / power,
            power == 0 ? 0 : Centroid(centred)];
    }

    private static double Centroid(double[] centred)
    {
        Complex[] spectrum = [.. centred.Select(v => new Complex(v, 0))];
        Fourier.Forward(spectrum, FourierOptions.NoScaling);
        var (weighted, total) = (0.0, 0.0);
        for (var f = 1; f <= spectrum.Length / 2; f++)
        {
            var power = (spectrum[f].Real * spectrum[f].Real) + (spectrum[f].Imaginary * spectrum[f].Imaginary);
            weighted += power * f / spectrum.Length;
            total += power;
        }
        return total == 0 ? 0 : weighted / total;
    }
}
