using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TsVlm.Data;

namespace TsVlm.Representations.Images;

/// <summary>
/// Continuous wavelet transform with Ricker wavelets, the second derivative of a Gaussian (Torrence and Compo, "A Practical Guide to
/// Wavelet Analysis", Bulletin of the American Meteorological Society 1998: the transform is equation 2, the scales equation 9, the wavelet
/// of unit energy Table 1 with equation 6), of the series minus its mean, with zeros beyond its ends. A wavelet of scale a answers most to
/// a period of about 4 a.
/// </summary>
internal sealed class Scalogram
{
    /// <summary>Scales, log-spaced.</summary>
    public const int NumScales = 32;

    /// <summary>A longer series is first reduced to this many means, which bounds the work.</summary>
    public const int MaxPoints = 2048;

    // Beyond it a Ricker wavelet is below 1e-4 of its peak.
    private const double Reach = 5;

    private readonly double[][] wavelets;                // an odd number of values each, the peak in the middle

    /// <summary>For scales from 1 step to a quarter of the longest training series.</summary>
    public Scalogram(int numSteps)
    {
        var largest = Math.Max(2, Math.Min(numSteps, MaxPoints) / 4.0);
        Scales = [.. Enumerable.Range(0, NumScales).Select(j => Math.Pow(largest, j / (NumScales - 1.0)))];
        wavelets = [.. Scales.Select(Sampled)];
    }

    /// <summary>The scales, in time steps, rising.</summary>
    public IReadOnlyList<double> Scales { get; }

    /// <summary>The wavelet at a distance from its middle, in units of its scale: 2 / (sqrt 3 pi^(1/4)) (1 - u^2) exp(-u^2 / 2).</summary>
    public static double Ricker(double u) => 2 / (Math.Sqrt(3) * Math.Pow(Math.PI, 0.25)) * (1 - (u * u)) * Math.Exp(-u * u / 2);

    /// <summary>
    /// (scales, at most so many columns) coefficients; where the series has more steps than columns, at the step in the middle of each
    /// column.
    /// </summary>
    public double[,] Coefficients(double[] values, int mostColumns)
    {
        var centred = ZNormalisation.Centred(RegularValues.Aggregated(values, MaxPoints));
        var coefficients = new double[NumScales, Math.Min(mostColumns, centred.Length)];
        for (var column = 0; column < coefficients.GetLength(1); column++)
        {
            var (first, end) = Field.Part(column, coefficients.GetLength(1), centred.Length);
            var middle = (first + end - 1) / 2;
            for (var j = 0; j < NumScales; j++) coefficients[j, column] = Convolved(centred, middle, wavelets[j]);
        }
        return coefficients;
    }

    private static double[] Sampled(double scale)
    {
        var half = (int)Math.Ceiling(Reach * scale);
        return [.. Enumerable.Range(-half, (2 * half) + 1).Select(t => Ricker(t / scale) / Math.Sqrt(scale))];
    }

    private static double Convolved(double[] values, int middle, double[] wavelet)
    {
        var start = middle - (wavelet.Length / 2);
        var (first, end) = (Math.Max(0, start), Math.Min(values.Length, start + wavelet.Length));
        return Dot(values.AsSpan(first, end - first), wavelet.AsSpan(first - start, end - first));
    }

    // Four partial sums whatever the processor's width, so that the bits are the same everywhere.
    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var a = MemoryMarshal.Cast<double, Vector256<double>>(left);
        var b = MemoryMarshal.Cast<double, Vector256<double>>(right);
        var sums = Vector256<double>.Zero;
        for (var i = 0; i < a.Length; i++) sums += a[i] * b[i];
        var sum = sums[0] + sums[1] + sums[2] + sums[3];
        for (var i = 4 * a.Length; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
