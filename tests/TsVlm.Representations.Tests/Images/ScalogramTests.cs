using TsVlm.Representations.Images;

namespace TsVlm.Representations.Tests.Images;

public class ScalogramTests
{
    /// <summary>
    /// At its peak the wavelet is 0.867, and it crosses zero at one scale (Torrence and Compo 1998, Table 1: 0.867 for m = 2).
    /// </summary>
    [Fact]
    public void The_wavelet_has_its_published_values_and_unit_energy()
    {
        Assert.Equal(0.867, Scalogram.Ricker(0), 5e-4);
        Assert.Equal(0, Scalogram.Ricker(1), 1e-15);
        Assert.Equal(1, Enumerable.Range(-1000, 2001).Sum(i => Math.Pow(Scalogram.Ricker(i / 100.0), 2)) / 100, 1e-9);
        Assert.Equal(0, Enumerable.Range(-1000, 2001).Sum(i => Scalogram.Ricker(i / 100.0)) / 100, 1e-9);
    }

    /// <summary>
    /// An impulse gives back each scale's wavelet, over the square root of the scale; its mean, 1 / 400, is taken off the series first.
    /// </summary>
    [Fact]
    public void An_impulse_shows_the_wavelet_at_every_scale()
    {
        var values = new double[400];
        values[200] = 1;
        var scalogram = new Scalogram(64);
        var found = scalogram.Coefficients(values, 400);
        Assert.Equal((1.0, 16.0), (scalogram.Scales[0], scalogram.Scales[^1]));
        for (var j = 0; j < Scalogram.NumScales; j++)
        {
            var scale = scalogram.Scales[j];
            // Far from the ends the mean times the wavelet's sum is next to nothing.
            for (var t = 195; t <= 205; t++) Assert.Equal(Scalogram.Ricker((t - 200) / scale) / Math.Sqrt(scale), found[j, t], 2e-4);
        }
    }

    /// <summary>
    /// The largest answer to a long sine is near a quarter of its period: scale times 2 pi over the square root of 5/2 (Table 1).
    /// </summary>
    [Fact]
    public void A_sine_answers_most_at_the_scale_of_its_period()
    {
        const double period = 24;
        var scalogram = new Scalogram(400);
        var found = scalogram.Coefficients([.. Enumerable.Range(0, 400).Select(t => Math.Cos(2 * Math.PI * (t - 200) / period))], 400);
        var best = Enumerable.Range(0, Scalogram.NumScales).MaxBy(j => found[j, 200]);
        Assert.InRange(scalogram.Scales[best] * 2 * Math.PI / Math.Sqrt(2.5), 0.85 * period, 1.15 * period);
    }
}
