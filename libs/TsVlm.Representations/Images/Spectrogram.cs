using System.Numerics;
using MathNet.Numerics.IntegralTransforms;
using TsVlm.Data;

namespace TsVlm.Representations.Images;

/// <summary>
/// The power of a series' short-time Fourier transform (Allen and Rabiner, "A unified approach to short-time Fourier analysis and
/// synthesis", Proceedings of the IEEE 1977): Hann windows, each centred on its time step, of the series minus its mean, with zeros beyond
/// its ends. Not for several threads at once.
/// </summary>
internal sealed class Spectrogram
{
    private const int ShortestWindow = 8;
    private const int LongestWindow = 256;
    private const int WindowsOverlapping = 16;
    // Shorter windows are followed by zeros, which puts more frequencies between theirs.
    private const int ShortestTransform = 64;

    private readonly double[] window;
    private readonly Complex[] frame;

    /// <summary>
    /// For windows of a power of two of steps: the largest that fits four times into the longest training series, between 8 and 256.
    /// </summary>
    public Spectrogram(int numSteps)
    {
        WindowLength = ShortestWindow;
        while (WindowLength < LongestWindow && 2 * WindowLength <= numSteps / 4) WindowLength *= 2;
        window = [.. Enumerable.Range(0, WindowLength).Select(k => 0.5 - (0.5 * Math.Cos(2 * Math.PI * k / WindowLength)))];
        frame = new Complex[Math.Max(ShortestTransform, WindowLength)];
    }

    /// <summary>Time steps of a window.</summary>
    public int WindowLength { get; }

    /// <summary>Time steps from one window to the next, a sixteenth of a window.</summary>
    public int Hop => Math.Max(1, WindowLength / WindowsOverlapping);

    /// <summary>
    /// (frequencies from 0 to half a cycle a step, windows) |sum of w x e|^2 / (sum of w)^2: a sine of amplitude A at a frequency has A^2 /
    /// 4 there.
    /// </summary>
    public double[,] Power(double[] values)
    {
        var centred = ZNormalisation.Centred(values);
        var (numFrequencies, numWindows) = ((frame.Length / 2) + 1, (values.Length + Hop - 1) / Hop);
        var power = new double[numFrequencies, numWindows];
        var total = window.Sum();
        for (var m = 0; m < numWindows; m++)
        {
            var start = (m * Hop) - (WindowLength / 2);
            Array.Clear(frame);
            for (var k = 0; k < WindowLength; k++)
                frame[k] = start + k >= 0 && start + k < centred.Length ? window[k] * centred[start + k] : 0;
            Fourier.Forward(frame, FourierOptions.NoScaling);
            for (var f = 0; f < numFrequencies; f++)
                power[f, m] = ((frame[f].Real * frame[f].Real) + (frame[f].Imaginary * frame[f].Imaginary)) / (total * total);
        }
        return power;
    }

    /// <summary>
    /// (frequencies, at most so many columns) decibels, 10 log10 of the power averaged over the windows of a column; negative infinity
    /// where it is 0.
    /// </summary>
    public double[,] Decibels(double[] values, int mostColumns)
    {
        var power = Power(values);
        var decibels = new double[power.GetLength(0), Math.Min(mostColumns, power.GetLength(1))];
        for (var column = 0; column < decibels.GetLength(1); column++)
        {
            var (first, end) = Field.Part(column, decibels.GetLength(1), power.GetLength(1));
            for (var f = 0; f < decibels.GetLength(0); f++)
            {
                var sum = 0.0;
                for (var m = first; m < end; m++) sum += power[f, m];
                decibels[f, column] = 10 * Math.Log10(sum / (end - first));
            }
        }
        return decibels;
    }
}
