using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Pretraining.Synthetic;

namespace TsVlm.Pretraining.Descriptions;

/// <summary>
/// Series whose making is known: trend, cycles, a shift of level, spikes and noise, each present by chance. Several channels have the same
/// making, each with phases and noise of its own, but for one that by chance has another.
/// </summary>
/// <param name="seed">Seed of all series.</param>
public sealed class DescribedSeries(int seed)
{
    private const int Shortest = 64, Longest = 1024, MostCycles = 20, MaxSpikes = 2;
    private const double ChanceOfPart = 0.5, ChanceOfDifference = 0.6;

    /// <summary>Series of that number, and its description.</summary>
    /// <param name="number">Any number.</param>
    /// <param name="numChannels">Channels, at least 1.</param>
    public (TimeSeries Series, SeriesDescription Description) Draw(long number, int numChannels)
    {
        var random = Signals.RandomOf(seed, number);
        var length = (int)random.LogUniform(Shortest, Longest + 1);
        var common = Making(length, random);
        int? different = numChannels > 1 && random.NextDouble() < ChanceOfDifference ? random.Next(numChannels) : null;
        var other = Making(length, random);
        while (other.Equals(common)) other = Making(length, random);
        double[][] channels =
            [.. Enumerable.Range(0, numChannels).Select(c => Made(c == different ? other : common, length, random))];
        return (new TimeSeries(channels), common with { NumChannels = numChannels, DifferentChannel = different });
    }

    private static SeriesDescription Making(int length, Random random)
    {
        bool Has() => random.NextDouble() < ChanceOfPart;
        Place[] spikes = [.. Enumerable.Range(0, Has() ? random.Next(1, MaxSpikes + 1) : 0).Select(_ => AnyPlace(5, 95)).OrderBy(spike => spike.Percent)];
        return new SeriesDescription
        {
            Trend = Has() ? random.Next(2) == 0 ? Direction.Rising : Direction.Falling : Direction.None,
            NumCycles = Has() ? (int)random.LogUniform(2, Math.Min(MostCycles, length / 6) + 1) : 0,
            Shift = Has() ? AnyPlace(15, 85) : null,
            // Two spikes at nearly one place would look like one.
            Spikes = spikes.Length == 2 && spikes[1].Percent - spikes[0].Percent < 10 ? spikes[..1] : spikes,
            Noise = (NoiseLevel)random.Next(3),
        };

        Place AnyPlace(int from, int to) => new(random.Next(2) == 0, random.Next(from, to + 1));
    }

    private static double[] Made(SeriesDescription making, int length, Random random)
    {
        var values = new double[length];
        var slope = random.Uniform(1.5, 4) * (making.Trend is Direction.None ? 0 : making.Trend is Direction.Rising ? 1 : -1);
        var (amplitude, phase, harmonic) = (random.Uniform(0.6, 1.5), random.Uniform(0, 2 * Math.PI), random.Uniform(0, 0.5));
        var (height, shiftAt) = (random.Uniform(1.5, 3), At(making.Shift, length));
        for (var t = 0; t < length; t++)
        {
            var share = (double)t / length;
            values[t] = slope * share;
            if (making.NumCycles > 0)
            {
                var angle = (2 * Math.PI * making.NumCycles * share) + phase;
                values[t] += amplitude * (Math.Sin(angle) + (harmonic * Math.Sin((2 * angle) + phase)));
            }
            if (making.Shift is { } shift && t >= shiftAt) values[t] += shift.IsUp ? height : -height;
        }
        var deviation = making.Noise switch
        {
            NoiseLevel.Low => random.Uniform(0.1, 0.2),
            NoiseLevel.High => random.Uniform(0.5, 0.8),
            _ => 0,
        };
        var scale = Math.Max(0.5, Math.Sqrt(ZNormalisation.Centred(values).Average(value => value * value)));
        for (var t = 0; t < length; t++) values[t] += deviation * scale * random.Normal();
        foreach (var spike in making.Spikes) AddSpike(values, At(spike, length), scale * random.Uniform(3, 6) * (spike.IsUp ? 1 : -1));
        return values;
    }

    private static void AddSpike(double[] values, int at, double height)
    {
        var width = Math.Max(1, values.Length / 100.0);
        for (var t = 0; t < values.Length; t++) values[t] += height * Math.Exp(-Math.Pow((t - at) / width, 2));
    }

    private static int At(Place? place, int length) => place is null ? 0 : (int)Math.Round(place.Percent / 100.0 * (length - 1));
}
