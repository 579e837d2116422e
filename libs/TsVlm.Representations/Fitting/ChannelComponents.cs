using System.Text.Json.Serialization;
using MathNet.Numerics.LinearAlgebra;
using TsVlm.Data;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Fitting;

/// <summary>
/// Fewer channels for a series of many: the principal components of its channels, each scaled to mean 0 and deviation 1 over the training
/// split. Missing values count as the mean. Components are ordered by variance, and the largest weight of each is positive.
/// </summary>
/// <param name="Scales">Scale of each channel.</param>
/// <param name="Weights">(components, channels).</param>
public sealed record ChannelComponents(IReadOnlyList<ChannelScale> Scales, IReadOnlyList<double[]> Weights)
{
    /// <summary>Channels of a series before.</summary>
    [JsonIgnore]
    public int NumChannels => Scales.Count;

    /// <summary>Fits the components of most variance.</summary>
    /// <param name="training">Series of the training split, (channels, time steps) each.</param>
    /// <param name="numComponents">Components, fewer than channels.</param>
    internal static ChannelComponents Fit(IReadOnlyList<TimeSeries> training, int numComponents)
    {
        var numChannels = training[0].NumChannels;
        ChannelScale[] scales = [.. Enumerable.Range(0, numChannels).Select(channel => ChannelScale.Fit(training, channel))];
        var covariance = Matrix<double>.Build.Dense(numChannels, numChannels);
        foreach (var series in training)
        {
            var scaled = Scaled(series, scales);
            covariance += scaled.TransposeAndMultiply(scaled);
        }
        var vectors = covariance.Evd(Symmetricity.Symmetric).EigenVectors;   // columns, of rising eigenvalues
        return new(scales, [.. Enumerable.Range(1, numComponents).Select(i => WithSign(vectors.Column(numChannels - i).ToArray()))]);
    }

    /// <summary>The components of a series, (components, time steps).</summary>
    internal TimeSeries Apply(TimeSeries series)
    {
        var components = Matrix<double>.Build.DenseOfRowArrays(Weights).Multiply(Scaled(series, Scales));
        return new(components.ToRowArrays());
    }

    private static Matrix<double> Scaled(TimeSeries series, IReadOnlyList<ChannelScale> scales) =>
        Matrix<double>.Build.DenseOfRowArrays(Enumerable.Range(0, series.NumChannels).Select(channel =>
            Array.ConvertAll(scales[channel].Apply(series.Channel(channel)), value => double.IsNaN(value) ? 0 : value)));

    private static double[] WithSign(double[] vector) =>
        vector.MaxBy(Math.Abs) < 0 ? Array.ConvertAll(vector, value => -value) : vector;
}
