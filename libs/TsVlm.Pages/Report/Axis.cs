namespace TsVlm.Pages.Report;

/// <summary>Maps values to pixels along one side of a chart, linearly or by logarithm.</summary>
/// <param name="Min">Value at <paramref name="From"/>.</param>
/// <param name="Max">Value at <paramref name="To"/>; greater than Min.</param>
/// <param name="IsLog">By logarithm; both values are then positive.</param>
/// <param name="From">Pixel of Min.</param>
/// <param name="To">Pixel of Max.</param>
internal sealed record Axis(double Min, double Max, bool IsLog, double From, double To)
{
    /// <summary>Pixel of a value.</summary>
    public double At(double value) => From + ((To - From) * (Scaled(value) - Scaled(Min)) / (Scaled(Max) - Scaled(Min)));

    /// <summary>Linear over shares, 0 to 1.</summary>
    public static Axis Share(double from, double to) => new(0, 1, false, from, to);

    /// <summary>From 0 to the value or a little more.</summary>
    public static Axis FromZero(double max, double from, double to) => new(0, max > 0 ? max : 1, false, from, to);

    /// <summary>
    /// Over all values with a little room; by logarithm when they are positive and the largest is over 30 times the smallest.
    /// </summary>
    public static Axis Around(IReadOnlyList<double> values, double from, double to)
    {
        if (values.Count == 0) return new(0, 1, false, from, to);
        var (min, max) = (values.Min(), values.Max());
        if (min > 0 && max / min > 30) return new(min / 1.2, max * 1.2, true, from, to);
        var low = min >= 0 && min < 0.5 * max ? 0 : min;
        var room = max > low ? 0.06 * (max - low) : Math.Max(0.1 * Math.Abs(max), 0.01);
        return new(low == 0 ? 0 : low - room, max + room, false, from, to);
    }

    /// <summary>Round values within the axis, about as many as asked for.</summary>
    public IReadOnlyList<double> Ticks(int count) => IsLog ? LogTicks(count) : LinearTicks(count);

    private double Scaled(double value) => IsLog ? Math.Log10(value) : value;

    private List<double> LinearTicks(int count)
    {
        var raw = (Max - Min) / count;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * new double[] { 1, 2, 5, 10 }.First(s => s * power >= raw * 0.999);
        var first = (long)Math.Ceiling((Min / step) - 1e-9);
        var last = (long)Math.Floor((Max / step) + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }

    private List<double> LogTicks(int count)
    {
        var decades = Enumerable.Range((int)Math.Floor(Math.Log10(Min)),
            (int)(Math.Ceiling(Math.Log10(Max)) - Math.Floor(Math.Log10(Min))) + 1).ToList();
        double[] steps = decades.Count <= 3 ? [1, 3] : [1];
        var ticks = decades.SelectMany(d => steps.Select(s => s * Math.Pow(10, d))).Where(v => v >= Min && v <= Max).ToList();
        var stride = (ticks.Count + (2 * count) - 1) / (2 * count);
        return [.. ticks.Where((_, i) => i % Math.Max(1, stride) == 0)];
    }
}
