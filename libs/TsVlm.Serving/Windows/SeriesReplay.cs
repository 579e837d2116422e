using System.Runtime.CompilerServices;
using TsVlm.Data;
using TsVlm.Serving.Classification;

namespace TsVlm.Serving.Windows;

/// <summary>A window of one of several series that are replayed.</summary>
/// <param name="Series">Position of the series.</param>
/// <param name="Answer">What is reported of the window.</param>
public sealed record ReplayedWindow(int Series, WindowAnswer Answer);

/// <summary>Replays recorded series as streams that all start now, at any speed.</summary>
/// <param name="settings">How they are cut; checked.</param>
/// <param name="stepTime">Time between two steps; zero for as fast as windows are answered.</param>
/// <param name="clock">The time.</param>
public sealed class SeriesReplay(WindowSettings settings, TimeSpan stepTime, TimeProvider clock)
{
    private static readonly PieceBounds OneWindow = new(int.MaxValue, 1, long.MaxValue);

    /// <summary>How far answers began behind the time of their window, at most.</summary>
    public TimeSpan MaxDelay { get; private set; }

    /// <summary>The windows by the time of their end, and of equal ends by series, each when it is answered.</summary>
    /// <param name="series">The series.</param>
    /// <param name="classify">Answers to the windows that end at one time.</param>
    /// <param name="cancellationToken">Stops it between two windows.</param>
    public async IAsyncEnumerable<ReplayedWindow> Run(IReadOnlyList<NewSeries> series,
        Func<IReadOnlyList<NewSeries>, IReadOnlyList<SeriesAnswer>> classify, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var streams = series.Select(one =>
            (Samples: new StreamSamples(settings, one.Series.NumChannels), Alarms: new AlarmState(settings.Alarms))).ToArray();
        var sent = 0;
        for (long end = settings.Window; series.Any(one => one.Series.Length >= end); end += settings.Hop)
        {
            await WaitFor(end, started, cancellationToken);
            var windows = new List<(int Series, StreamWindow Window)>();
            for (var i = 0; i < series.Count; i++)
            {
                if (series[i].Series.Length < end) continue;
                (var full, streams[i].Samples) = streams[i].Samples.Add(Part(series[i].Series, sent, (int)end), OneWindow);
                windows.Add((i, full.Single()));
            }
            sent = (int)end;
            var asked = windows.Where(one => one.Window.HasValues)
                .Select(one => new NewSeries(one.Window.Series, $"{series[one.Series].Place}, steps {one.Window.Start} to {one.Window.End}")).ToList();
            var answers = new Queue<SeriesAnswer>(asked.Count == 0 ? [] : classify(asked));
            foreach (var (i, window) in windows)
            {
                (var told, streams[i].Alarms) = WindowAnswer.Of([window], window.HasValues ? [answers.Dequeue()] : [], settings.MinConfidence,
                    streams[i].Alarms);
                yield return new(i, told.Single());
            }
        }
    }

    private async Task WaitFor(long end, long started, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (stepTime == TimeSpan.Zero) return;
        var left = (stepTime * end) - clock.GetElapsedTime(started);
        if (left > TimeSpan.Zero) await Task.Delay(left, clock, cancellationToken);
        else if (-left > MaxDelay) MaxDelay = -left;
    }

    private static StreamPiece Part(TimeSeries series, int from, int to) =>
        new([.. Enumerable.Range(0, series.NumChannels).Select(c => series.Channel(c)[from..to].ToArray())]);
}
