using TsVlm.Data;

namespace TsVlm.Serving.Windows;

/// <summary>
/// Cuts steps into windows of a fixed length, one every so many steps, and keeps the steps that a later window needs: fewer than a window
/// has. Immutable.
/// </summary>
/// <remarks>Shapes: C channels, T steps.</remarks>
internal sealed class SlidingWindows
{
    private readonly int length, hop;
    private readonly double[][] kept;   // (C, steps from keptFrom on)
    private readonly long keptFrom;

    /// <summary>Before the first step.</summary>
    public SlidingWindows(int length, int hop, int numChannels) : this(length, hop, [.. Enumerable.Repeat<double[]>([], numChannels)], 0, 0, 0)
    {
    }

    private SlidingWindows(int length, int hop, double[][] kept, long keptFrom, long numSteps, long numWindows)
    {
        (this.length, this.hop) = (length, hop);
        (this.kept, this.keptFrom) = (kept, keptFrom);
        NumSteps = numSteps;
        NumWindows = numWindows;
    }

    /// <summary>Steps so far.</summary>
    public long NumSteps { get; }

    /// <summary>Windows so far.</summary>
    public long NumWindows { get; }

    /// <summary>Where the next window ends: the number of steps that are needed for it.</summary>
    public long NextEnd => (NumWindows * hop) + length;

    /// <summary>Windows that so many more steps complete.</summary>
    public long CountWindows(int numSteps) => NumSteps + numSteps < NextEnd ? 0 : ((NumSteps + numSteps - NextEnd) / hop) + 1;

    /// <summary>The windows that steps (C, T) complete, with the step that each starts at, and what is behind them.</summary>
    public (IReadOnlyList<(long Start, TimeSeries Series)> Windows, SlidingWindows Next) Add(double[][] steps)
    {
        double[][] all = [.. kept.Zip(steps, (before, now) => (double[])[.. before, .. now])];
        var windows = new List<(long, TimeSeries)>();
        var (numSteps, number) = (NumSteps + steps[0].Length, NumWindows);
        for (; (number * hop) + length <= numSteps; number++)
        {
            var from = (int)((number * hop) - keptFrom);
            windows.Add((number * hop, new TimeSeries(all.Select(channel => channel.AsSpan(from, length).ToArray()))));
        }
        // The next window may start behind all that there is.
        var keep = Math.Min(number * hop, numSteps);
        return (windows, new(length, hop, [.. all.Select(channel => channel.AsSpan((int)(keep - keptFrom)).ToArray())], keep, numSteps, number));
    }
}
