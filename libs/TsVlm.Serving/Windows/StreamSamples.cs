using TsVlm.Data;

namespace TsVlm.Serving.Windows;

/// <summary>A window of a stream.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Start">Its first step, counted from the start of the stream.</param>
/// <param name="End">The step behind its last one.</param>
/// <param name="Time">Time of its last step in seconds, where samples have time stamps.</param>
/// <param name="Series">Its values.</param>
public sealed record StreamWindow(long Number, long Start, long End, double? Time, TimeSeries Series)
{
    /// <summary>Whether it has any value; without, nothing can be said of it.</summary>
    public bool HasValues => Series.NumMissing < Series.NumChannels * Series.Length;
}

/// <summary>What one piece of a stream may take; all bounds are inclusive.</summary>
/// <param name="MaxSteps">Most steps that a piece completes.</param>
/// <param name="MaxWindows">Most windows that it completes.</param>
/// <param name="MaxNumbers">Most numbers that these windows have together.</param>
public sealed record PieceBounds(int MaxSteps, int MaxWindows, long MaxNumbers);

/// <summary>
/// A stream between two pieces: the samples that later windows need. Immutable, so a piece that is refused or cannot be answered leaves the
/// stream as it was.
/// </summary>
public sealed class StreamSamples
{
    private readonly WindowSettings settings;
    private readonly int numChannels;
    private readonly RegularGrid? grid;
    private readonly SlidingWindows windows;

    /// <summary>A stream before its first sample.</summary>
    /// <param name="settings">How it is cut; checked.</param>
    /// <param name="numChannels">Channels of each sample.</param>
    public StreamSamples(WindowSettings settings, int numChannels)
        : this(settings, numChannels, settings.Interval is { } interval ? new(interval, settings.MaxGap) : null,
            new(settings.Window, settings.Hop, numChannels), 0)
    {
    }

    private StreamSamples(WindowSettings settings, int numChannels, RegularGrid? grid, SlidingWindows windows, long numSamples)
    {
        (this.settings, this.numChannels, this.grid, this.windows) = (settings, numChannels, grid, windows);
        NumSamples = numSamples;
    }

    /// <summary>Samples so far.</summary>
    public long NumSamples { get; }

    /// <summary>Steps so far; samples themselves where these have no time stamps.</summary>
    public long NumSteps => windows.NumSteps;

    /// <summary>Number of steps that completes the next window.</summary>
    public long NextEnd => windows.NextEnd;

    /// <summary>The windows that a piece completes, and the stream behind it.</summary>
    /// <exception cref="StreamException">The piece is not of the stream's form, or beyond the bounds.</exception>
    public (IReadOnlyList<StreamWindow> Windows, StreamSamples Next) Add(StreamPiece piece, PieceBounds bounds)
    {
        piece.Check(numChannels, grid is not null);
        if (piece.NumSamples == 0) return ([], this);
        var (steps, behind) = grid is null ? (piece.Channels, null) : grid.Add(piece.Channels, piece.Times!, bounds.MaxSteps);
        if (steps[0].Length > bounds.MaxSteps)
            throw new StreamException($"series: expected at most {bounds.MaxSteps} samples in a piece, found {steps[0].Length}.");
        var most = Math.Min(bounds.MaxWindows, bounds.MaxNumbers / ((long)settings.Window * numChannels));
        if (windows.CountWindows(steps[0].Length) is var count && count > most)
            throw new StreamException($"series: expected a piece that completes at most {most} windows, found {count}. Send it in parts.");
        var (cut, next) = windows.Add(steps);
        var numbered = cut.Select((window, i) => new StreamWindow(windows.NumWindows + i, window.Start, window.Start + settings.Window,
            behind?.TimeOf(window.Start + settings.Window - 1), window.Series));
        return ([.. numbered], new(settings, numChannels, behind, next, NumSamples + piece.NumSamples));
    }
}
