namespace TsVlm.Serving.Windows;

/// <summary>
/// Brings samples at irregular times to a regular grid by linear interpolation. The first sample is on the grid; step k is k intervals
/// later. A step is known as soon as a sample at its time or later has arrived. Immutable: a piece gives the grid behind it.
/// </summary>
/// <remarks>Shapes: C channels, N samples, T steps.</remarks>
public sealed class RegularGrid
{
    // A sample that is nearer to a step than this share of an interval, or than rounding of its time stamp, is on the grid.
    private const double OnGrid = 1e-6;
    private const int RoundingUnits = 4;
    private readonly double interval, maxGap, first, last;   // seconds
    private readonly double[] lastValues;                    // (C), of the last sample; none before the first

    /// <summary>A grid before its first sample.</summary>
    /// <param name="interval">Seconds from a step to the next.</param>
    /// <param name="maxGap">Seconds between two samples above which steps between them are missing.</param>
    public RegularGrid(double interval, double maxGap) : this(interval, maxGap, 0, 0, [], 0)
    {
    }

    private RegularGrid(double interval, double maxGap, double first, double last, double[] lastValues, long numSteps)
    {
        (this.interval, this.maxGap, this.first, this.last) = (interval, maxGap, first, last);
        this.lastValues = lastValues;
        NumSteps = numSteps;
    }

    /// <summary>Steps that are known.</summary>
    public long NumSteps { get; }

    /// <summary>Time of a step, in seconds.</summary>
    public double TimeOf(long step) => first + (step * interval);

    /// <summary>The steps that samples complete (C, T), and the grid behind them.</summary>
    /// <param name="samples">Values (C, N), N at least 1.</param>
    /// <param name="times">Time stamps (N).</param>
    /// <param name="maxSteps">Most steps that a piece may complete.</param>
    /// <exception cref="StreamException">Time stamps do not rise, are too coarse for the interval, or complete too many steps.</exception>
    public (double[][] Steps, RegularGrid Next) Add(double[][] samples, double[] times, int maxSteps)
    {
        var steps = samples.Select(_ => new List<double>()).ToArray();
        var (before, start, values, numSteps) = (last, first, lastValues, NumSteps);
        for (var i = 0; i < times.Length; i++)
        {
            var time = times[i];
            var now = samples.Select(channel => channel[i]).ToArray();
            if (numSteps == 0) (start, before) = (time, time);
            else if (time <= before)
                throw new StreamException(FormattableString.Invariant($"times[{i}]: expected a time after {before}, found {time}. Times must rise."));
            var near = Math.Max(interval * OnGrid, RoundingUnits * (Math.BitIncrement(Math.Abs(time)) - Math.Abs(time)));
            if (near > interval / 4)
                throw new StreamException(FormattableString.Invariant(
                    $"times[{i}]: expected a time stamp that tells steps of {interval} s apart, found {time}. Count time from a later zero."));
            var latest = Math.Floor((time - start + near) / interval);   // the last step that is not after the sample
            if (latest - numSteps + 1 + steps[0].Count > maxSteps)
                throw new StreamException(FormattableString.Invariant(
                    $"times[{i}]: expected at most {maxSteps} steps of {interval} s in a piece, found more up to {time}. ")
                    + "Send less, or end the stream and start it anew.");
            for (; numSteps <= latest; numSteps++)
            {
                var at = start + (numSteps * interval);
                for (var c = 0; c < steps.Length; c++) steps[c].Add(ValueAt(at, c));
                double ValueAt(double at, int c) =>
                    Math.Abs(at - time) <= near ? now[c]
                    : time - before > maxGap + near ? double.NaN
                    : values[c] + ((at - before) / (time - before) * (now[c] - values[c]));
            }
            (before, values) = (time, now);
        }
        return ([.. steps.Select(channel => channel.ToArray())], new(interval, maxGap, start, before, values, numSteps));
    }
}
