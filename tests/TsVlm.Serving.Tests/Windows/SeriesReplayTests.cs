using Microsoft.Extensions.Time.Testing;
using TsVlm.Data;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Windows;

namespace TsVlm.Serving.Tests.Windows;

/// <summary>Replays of series, with a model that answers with the last value.</summary>
public class SeriesReplayTests
{
    private static readonly CancellationToken CancellationToken = TestContext.Current.CancellationToken;
    private static readonly WindowSettings Settings = new() { Window = 4, Hop = 2, Alarms = new(1, 1) };
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task Windows_of_all_series_come_by_the_time_of_their_end()
    {
        NewSeries[] series = [Series(1, 2, 3, 4, 5, 6, 7), Series(1, 2), Series(11, 12, double.NaN, double.NaN, double.NaN, double.NaN, 17, 18)];
        var windows = new List<string>();
        await foreach (var (number, told) in new SeriesReplay(Settings, TimeSpan.Zero, clock).Run(series, Answers, CancellationToken))
            windows.Add($"{number}: {told.Window.Start}-{told.Window.End} {told.Answer?.Label} {string.Join(',', told.Alarms.Active)}");
        Assert.Equal(["0: 0-4 4 4", "2: 0-4 NaN NaN", "0: 2-6 6 6", "2: 2-6  ", "2: 4-8 18 18"], windows);
    }

    [Fact]
    public async Task A_replay_waits_for_the_time_of_each_window_and_says_how_late_it_was()
    {
        var replay = new SeriesReplay(Settings, TimeSpan.FromSeconds(1), clock);
        await using var windows = replay.Run([Series(1, 2, 3, 4, 5, 6, 7, 8)], Answers, CancellationToken).GetAsyncEnumerator(CancellationToken);
        var next = windows.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await next);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True(await windows.MoveNextAsync());   // due at 6 s, and it is 7 s
        Assert.Equal(TimeSpan.FromSeconds(1), replay.MaxDelay);
        next = windows.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await next);
        Assert.False(await windows.MoveNextAsync());
    }

    [Fact]
    public async Task A_replay_that_waits_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        await using var windows = new SeriesReplay(Settings, TimeSpan.FromSeconds(1), clock).Run([Series(1, 2, 3, 4)], Answers, stop.Token)
            .GetAsyncEnumerator(CancellationToken);
        var next = windows.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static NewSeries Series(params double[] values) => new(new([values]), "here");

    private static IReadOnlyList<SeriesAnswer> Answers(IReadOnlyList<NewSeries> windows) =>
        [.. windows.Select(one => new SeriesAnswer($"{one.Series.Channel(0)[^1]}", [1]))];
}
