using TsVlm.Data.Generators;

namespace TsVlm.Pretraining.Synthetic;

/// <summary>The signals that synthetic series are made of: (number of steps, source of chance) -> values, of any scale.</summary>
internal static class Components
{
    private const int NumFourierFeatures = 32;

    /// <summary>One of <see cref="All"/> of mean 0 and deviation 1, or all zeros.</summary>
    public static double[] Draw(int length, Random random) => Signals.Normalised(All[random.Next(All.Count)](length, random));

    /// <summary>Every component, equally likely.</summary>
    public static IReadOnlyList<Func<int, Random, double[]>> All { get; } =
    [
        Waves, Chirp, ModulatedWave, Resonance, RandomWalk, Polyline, Levels, Bumps, Beats, Ringing, Waveform, Impulses, OctaveNoise,
        LogisticMap, Bursts, GaussianProcess, PeriodicProcess,
    ];

    /// <summary>One to five sine waves, weaker the faster.</summary>
    private static double[] Waves(int length, Random random)
    {
        var values = new double[length];
        var fall = random.Uniform(0, 1.5);
        for (var more = random.Next(5); more >= 0; more--)
        {
            var (cycles, phase) = (random.LogUniform(0.5, length / 5.0), random.Uniform(0, 2 * Math.PI));
            var amplitude = random.Uniform(0.3, 1) / Math.Pow(cycles, fall);
            for (var t = 0; t < length; t++) values[t] += amplitude * Math.Sin((2 * Math.PI * cycles * t / length) + phase);
        }
        return values;
    }

    /// <summary>A sine wave that becomes faster or slower.</summary>
    private static double[] Chirp(int length, Random random)
    {
        var (first, last, phase) = (random.LogUniform(0.5, length / 6.0), random.LogUniform(0.5, length / 6.0),
            random.Uniform(0, 2 * Math.PI));
        return Each(length, at => Math.Sin((2 * Math.PI * ((first * at) + ((last - first) * at * at / 2))) + phase));
    }

    /// <summary>A sine wave whose amplitude swells and fades.</summary>
    private static double[] ModulatedWave(int length, Random random)
    {
        var (fast, slow) = (random.LogUniform(4, length / 5.0), random.Uniform(0.3, 4));
        var (phase, other, depth) = (random.Uniform(0, 2 * Math.PI), random.Uniform(0, 2 * Math.PI), random.Uniform(0.3, 1));
        return Each(length, at => (1 + (depth * Math.Sin((2 * Math.PI * slow * at) + other)))
            * Math.Sin((2 * Math.PI * fast * at) + phase));
    }

    /// <summary>An autoregressive process of second order: noise that swings at a frequency of its own.</summary>
    private static double[] Resonance(int length, Random random)
    {
        var (radius, angle) = (1 - random.LogUniform(0.005, 0.5), random.Uniform(0, Math.PI));
        var (first, second) = (2 * radius * Math.Cos(angle), -radius * radius);
        var (before, last) = (0.0, 0.0);
        var all = new double[length + 50];
        for (var t = 0; t < all.Length; t++) (before, last) = (last, all[t] = (first * last) + (second * before) + random.Normal());
        return all[50..];
    }

    /// <summary>The sum of all steps so far, of normal steps or of another walk's.</summary>
    private static double[] RandomWalk(int length, Random random)
    {
        var values = new double[length];
        var (place, speed, keeps) = (0.0, 0.0, random.Next(2) == 0 ? 0 : random.Uniform(0.5, 1));
        for (var t = 0; t < length; t++) values[t] = place += speed = (keeps * speed) + random.Normal();
        return values;
    }

    /// <summary>Lines between random points.</summary>
    private static double[] Polyline(int length, Random random) => Signals.Lines(length, 3 + random.Next(Math.Max(1, length / 10)), random);

    /// <summary>Random levels, each held for a random time.</summary>
    private static double[] Levels(int length, Random random)
    {
        var (values, level, mean) = (new double[length], random.Normal(), random.LogUniform(4, length / 2.0));
        for (var t = 0; t < length; t++)
        {
            if (random.NextDouble() < 1 / mean) level = random.Normal();
            values[t] = level;
        }
        return values;
    }

    /// <summary>A few bumps that rise and fall at rates of their own, up or down.</summary>
    private static double[] Bumps(int length, Random random)
    {
        var values = new double[length];
        for (var more = random.Next(6); more >= 0; more--)
        {
            var (centre, height, shape) = (random.Uniform(0, length), random.Normal(), random.Uniform(1, 3));
            var (rise, fall) = (random.LogUniform(1, length / 6.0), random.LogUniform(1, length / 6.0));
            for (var t = 0; t < length; t++)
                values[t] += height * Math.Exp(-Math.Pow(Math.Abs((t - centre) / (t < centre ? rise : fall)), shape));
        }
        return values;
    }

    /// <summary>One random shape again and again, in nearly equal periods and sizes, as a heart beats.</summary>
    private static double[] Beats(int length, Random random)
    {
        var (period, jitter) = (random.LogUniform(8, length / 2.0), random.Uniform(0, 0.15));
        (double Centre, double Width, double Height)[] peaks =
            [.. Enumerable.Range(0, 2 + random.Next(4)).Select(_ => (random.NextDouble(), random.LogUniform(0.01, 0.2), random.Normal()))];
        var values = new double[length];
        for (var start = -period * random.NextDouble(); start < length;)
        {
            var (size, span) = (1 + (jitter * random.Normal()), Math.Max(4, period * (1 + (jitter * random.Normal()))));
            for (var t = (int)Math.Max(0, start); t < Math.Min(length, start + span); t++)
            {
                var at = (t - start) / span;
                foreach (var (centre, width, height) in peaks) values[t] += size * height * Math.Exp(-Square((at - centre) / width));
            }
            start += span;
        }
        return values;
    }

    /// <summary>Strokes at random times, each ringing at one frequency and dying away.</summary>
    private static double[] Ringing(int length, Random random)
    {
        var values = new double[length];
        var (cycles, decay) = (random.LogUniform(3, length / 4.0), random.LogUniform(length / 40.0, length));
        for (var more = random.Next(5); more >= 0; more--)
        {
            var (start, strength) = (random.Next(length), random.Normal());
            for (var t = start; t < length; t++)
                values[t] += strength * Math.Exp(-(t - start) / decay) * Math.Sin(2 * Math.PI * cycles * (t - start) / length);
        }
        return values;
    }

    /// <summary>A saw, square or pulse wave: rising for one part of its period, falling for another, low for the rest.</summary>
    private static double[] Waveform(int length, Random random)
    {
        var (cycles, phase) = (random.LogUniform(0.7, length / 6.0), random.NextDouble());
        var (rise, hold) = (random.NextDouble() * random.Next(2), random.NextDouble());
        var fall = random.NextDouble() * random.Next(2);
        var scale = Math.Max(1, rise + hold + fall);
        return Each(length, at =>
        {
            var place = ((cycles * at) + phase) % 1 * scale;
            return place < rise ? place / rise : place < rise + hold ? 1 : place < rise + hold + fall
                ? 1 - ((place - rise - hold) / fall) : 0;
        });
    }

    /// <summary>Single peaks at random times.</summary>
    private static double[] Impulses(int length, Random random)
    {
        var values = new double[length];
        for (var more = random.Next(1, Math.Max(2, length / 15)); more >= 0; more--) values[random.Next(length)] += random.Normal();
        return Signals.Smoothed(values, random.Next(3));
    }

    /// <summary>Noise in octaves, weaker by a random factor from one to the next: white, pink or smooth.</summary>
    private static double[] OctaveNoise(int length, Random random)
    {
        var (values, strength, factor) = (new double[length], 1.0, random.Uniform(0.3, 1.1));
        for (var numPlaces = 3; numPlaces < 2 * length; numPlaces *= 2, strength *= factor)
        {
            var octave = Signals.Lines(length, Math.Min(numPlaces, length), random);
            for (var t = 0; t < length; t++) values[t] += strength * octave[t];
        }
        return values;
    }

    /// <summary>x' = r x (1 - x), periodic or chaotic, each value held for some steps.</summary>
    private static double[] LogisticMap(int length, Random random)
    {
        var (values, x, rate, held) = (new double[length], random.Uniform(0.1, 0.9), random.Uniform(3.3, 4), random.Next(1, 9));
        for (var t = 0; t < length; t++) values[t] = t % held == 0 ? x = rate * x * (1 - x) : x;
        return Signals.Smoothed(values, random.Next(held));
    }

    /// <summary>Noise that is louder at some times than at others.</summary>
    private static double[] Bursts(int length, Random random)
    {
        var loudness = Signals.Lines(length, 4 + random.Next(12), random);
        return Array.ConvertAll(loudness, value => Math.Exp(2 * value) * random.Normal());
    }

    /// <summary>
    /// A Gaussian process by random Fourier features (Rahimi and Recht 2007): frequencies normal for a smooth kernel (RBF), or with heavy tails
    /// for a rough one (Matern).
    /// </summary>
    private static double[] GaussianProcess(int length, Random random)
    {
        var (scale, freedom) = (random.LogUniform(0.3, length / 10.0), random.Next(2) == 0 ? double.PositiveInfinity : random.Next(1, 4));
        return SumOfWaves(length, NumFourierFeatures, random, () => scale * random.Normal() / Math.Sqrt(GammaShare(freedom, random)));
    }

    /// <summary>The same with a period: harmonics of one frequency, weaker the higher, none exactly in step.</summary>
    private static double[] PeriodicProcess(int length, Random random)
    {
        var (cycles, spread) = (random.LogUniform(1.5, length / 6.0), random.LogUniform(1e-3, 0.1));
        return SumOfWaves(length, NumFourierFeatures, random,
            () => cycles * (1 + (int)(-2 * Math.Log(1 - random.NextDouble()))) * (1 + (spread * random.Normal())));
    }

    private static double[] SumOfWaves(int length, int count, Random random, Func<double> frequency)
    {
        var values = new double[length];
        for (; count > 0; count--)
        {
            var (cycles, phase, weight) = (frequency(), random.Uniform(0, 2 * Math.PI), random.Normal());
            // Above half of the sampling rate a wave would show as another.
            if (Math.Abs(cycles) > length / 2.0) continue;
            for (var t = 0; t < length; t++) values[t] += weight * Math.Cos((2 * Math.PI * cycles * t / length) + phase);
        }
        return values;
    }

    /// <summary>Chi-square over its degrees of freedom: 1 for infinitely many.</summary>
    private static double GammaShare(double freedom, Random random)
    {
        if (double.IsInfinity(freedom)) return 1;
        var sum = 0.0;
        for (var i = 0; i < freedom; i++) sum += Square(random.Normal());
        return sum / freedom;
    }

    private static double[] Each(int length, Func<double, double> valueAt) =>
        [.. Enumerable.Range(0, length).Select(t => valueAt((double)t / length))];

    private static double Square(double value) => value * value;
}
