using TsVlm.Serving.Windows;

namespace TsVlm.Serving.Tests.Windows;

/// <summary>Windows of a stream, whatever pieces it arrives in.</summary>
public class StreamSamplesTests
{
    private static readonly PieceBounds Bounds = new(1000, 1000, 1_000_000);

    [Theory]
    [InlineData(4, 4, "0 4 8", 12)]
    [InlineData(4, 2, "0 2 4 6 8 10", 12)]
    [InlineData(3, 1, "0 1 2 3 4 5 6 7 8 9 10 11", 12)]
    [InlineData(2, 5, "0 5 10", 15)]
    [InlineData(20, 1, "", 0)]
    public void Windows_have_their_length_and_hop_in_pieces_of_any_size(int window, int hop, string starts, int nextStart)
    {
        for (var size = 1; size <= 14; size++)
        {
            var (stream, found) = (new StreamSamples(new() { Window = window, Hop = hop }, 2), new List<StreamWindow>());
            foreach (var part in Enumerable.Range(0, 14).Chunk(size))
            {
                (var windows, stream) = stream.Add(new([[.. part.Select(t => (double)t)], [.. part.Select(t => -(double)t)]]), Bounds);
                found.AddRange(windows);
            }
            Assert.Equal(starts, string.Join(' ', found.Select(one => one.Start)));
            Assert.Equal((14, 14, nextStart + window), (stream.NumSamples, stream.NumSteps, stream.NextEnd));
            foreach (var (number, one) in found.Index())
            {
                Assert.Equal((number, one.Start + window), ((int)one.Number, one.End));
                Assert.Equal(Enumerable.Range((int)one.Start, window).Select(t => (double)t), one.Series.Channel(0).ToArray());
                Assert.Equal(Enumerable.Range((int)one.Start, window).Select(t => -(double)t), one.Series.Channel(1).ToArray());
            }
        }
    }

    [Fact]
    public void A_piece_that_is_refused_leaves_the_stream_as_it_was()
    {
        var (_, before) = new StreamSamples(new() { Window = 3, Hop = 1 }, 1).Add(new([[1, 2]]), Bounds);
        Assert.Throws<StreamException>(() => before.Add(new([[3, 4, 5]]), Bounds with { MaxWindows = 2 }));
        Assert.Throws<StreamException>(() => before.Add(new([[3, 4, 5]]), Bounds with { MaxNumbers = 8 }));
        Assert.Throws<StreamException>(() => before.Add(new([[3, 4, 5]]), Bounds with { MaxSteps = 2 }));
        var (windows, _) = before.Add(new([[3]]), Bounds);
        Assert.Equal([1, 2, 3], Assert.Single(windows).Series.Channel(0).ToArray());
    }

    [Fact]
    public void A_window_of_samples_with_time_stamps_ends_at_the_time_of_its_last_step()
    {
        var stream = new StreamSamples(new() { Window = 3, Hop = 2, Interval = 0.5, MaxGap = 2 }, 1);
        var (windows, next) = stream.Add(new([[0, 6, 7]], [100, 103, 103.1]), Bounds);
        Assert.Equal([(101.0, 3L), (102.0, 5L), (103.0, 7L)], windows.Select(window => (window.Time!.Value, window.End)));
        Assert.Equal([true, false, true], windows.Select(window => window.HasValues));   // of a gap of 3 s only the ends are known
        Assert.Equal((3, 7), (next.NumSamples, next.NumSteps));
    }
}
