using TsVlm.Representations.Images;

namespace TsVlm.Representations.Tests.Images;

public class SpectrogramTests
{
    /// <summary>
    /// A Hann window spreads a sine of amplitude A, a whole number of cycles long, over three frequencies: A/2, and A/4 at both sides of
    /// it.
    /// </summary>
    [Fact]
    public void A_sine_has_a_quarter_of_its_squared_amplitude_at_its_frequency()
    {
        const double amplitude = 3;
        var spectrogram = new Spectrogram(256);
        Assert.Equal(64, spectrogram.WindowLength);
        var power = spectrogram.Power([.. Enumerable.Range(0, 256).Select(t => amplitude * Math.Sin(2 * Math.PI * 5 * t / 64))]);
        Assert.Equal((33, 64), (power.GetLength(0), power.GetLength(1)));
        for (var window = 8; window <= 56; window++)     // those without zeros from beyond the ends
        {
            Assert.Equal(amplitude * amplitude / 4, power[5, window], 1e-10);
            Assert.Equal(amplitude * amplitude / 16, power[4, window], 1e-10);
            Assert.Equal(amplitude * amplitude / 16, power[6, window], 1e-10);
            Assert.Equal(0, power[9, window], 1e-10);
        }
    }

    /// <summary>
    /// A lone 1 among 32 zeros, minus their mean, in a window of 8 followed by zeros up to 64, by the definition of the transform written
    /// out with cosines and sines.
    /// </summary>
    [Fact]
    public void An_impulse_has_the_power_of_the_sum_written_out()
    {
        var values = new double[32];
        values[16] = 1;
        var power = new Spectrogram(32).Power(values);
        for (var frequency = 0; frequency <= 32; frequency++)
        {
            var (real, imaginary) = (0.0, 0.0);
            for (var k = 0; k < 8; k++)
            {
                var (weight, angle) = (Math.Pow(Math.Sin(Math.PI * k / 8), 2), 2 * Math.PI * frequency * k / 64);
                var value = (k == 4 ? 1 : 0) - (1 / 32.0);
                (real, imaginary) = (real + (weight * value * Math.Cos(angle)), imaginary - (weight * value * Math.Sin(angle)));
            }
            Assert.Equal(((real * real) + (imaginary * imaginary)) / 16, power[frequency, 16], 1e-12);
        }
    }

    [Fact]
    public void Ten_times_the_amplitude_is_twenty_decibels_and_a_constant_has_none()
    {
        var spectrogram = new Spectrogram(100);
        double[] wave = [.. Enumerable.Range(0, 100).Select(t => Math.Sin(t))];
        var (small, large) = (spectrogram.Decibels(wave, 20), spectrogram.Decibels([.. wave.Select(v => 10 * v)], 20));
        Assert.Equal(20, large[3, 10] - small[3, 10], 1e-9);
        Assert.All(spectrogram.Decibels([.. Enumerable.Repeat(0.1, 100)], 20)
            .Cast<double>(), cell => Assert.Equal(double.NegativeInfinity, cell));
    }
}
