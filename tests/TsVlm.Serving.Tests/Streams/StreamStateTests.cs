using Microsoft.Extensions.Time.Testing;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Tests.Streams;

/// <summary>Start, end, idle streams, bounds, and pieces that are refused.</summary>
public class StreamStateTests(TrainedModels models)
{
    private static readonly object Start = new { window = 4 };
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task An_idle_stream_is_dropped_and_a_later_piece_is_refused_with_the_reason()
    {
        await using var serving = await Serve(new() { MaxBatch = 1, StreamIdleTimeout = TimeSpan.FromSeconds(10) });
        await serving.Post("/stream/words", Pieces.Of("a", [[1, 2]], Start));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(200, (await serving.Post("/stream/words", Pieces.Of("a", [[3]]))).Status);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, serving.Streams.Count);
        clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(0, serving.Streams.Count);
        var (status, answer) = await serving.Post("/stream/words", Pieces.Of("a", [[4]]));
        Assert.Equal(404, status);
        Assert.Contains("got no piece for longer than 10 s, or was lost when the server restarted, as streams are in memory only", (string)answer["error"]!);
    }

    [Fact]
    public async Task A_start_ends_an_earlier_stream_of_that_id_and_ids_of_models_are_apart()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("words", models.Answers), ("others", models.Answers));
        await serving.Post("/stream/words", Pieces.Of("a", [[1, 2, 3]], Start));
        await serving.Post("/stream/others", Pieces.Of("a", [[1]], Start));
        var (_, again) = await serving.Post("/stream/words", Pieces.Of("a", [[5]], Start));
        Assert.Equal((1, 2), ((int)again["samples"]!, serving.Streams.Count));
        Assert.Equal(2, (int)(await serving.Post("/stream/others", Pieces.Of("a", [[2]]))).Json["samples"]!);
    }

    [Fact]
    public async Task Streams_are_bounded_in_number_and_bytes_until_one_ends_or_is_idle()
    {
        await using var serving = await Serve(new() { MaxBatch = 1, MaxStreams = 2, MaxStreamBytes = 100, StreamIdleTimeout = TimeSpan.FromSeconds(10) });
        await serving.Post("/stream/words", Pieces.Of("a", start: Start));
        clock.Advance(TimeSpan.FromSeconds(4));
        await serving.Post("/stream/words", Pieces.Of("b", start: Start));
        using (var refused = await serving.Client.PostAsync("/stream/words", new StringContent(Pieces.Of("c", start: Start)), TestContext.Current.CancellationToken))
        {
            Assert.Equal(429, (int)refused.StatusCode);
            Assert.Equal(6, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        }
        await serving.Post("/stream/words", Pieces.Of("b", end: true));
        Assert.Equal(429, (await serving.Post("/stream/words", Pieces.Of("c", start: new { window = 9 }))).Status);   // 32 and 72 bytes
        Assert.Equal(200, (await serving.Post("/stream/words", Pieces.Of("c", start: new { window = 8 }))).Status);
        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(200, (await serving.Post("/stream/words", Pieces.Of("d", start: Start))).Status);   // in place of a
        Assert.Equal(2, serving.Streams.Count);
    }

    [Fact]
    public async Task A_stream_goes_on_where_its_successor_finds_no_room()
    {
        await using var serving = await Serve(new() { MaxBatch = 1, MaxStreamBytes = 100 });
        await serving.Post("/stream/words", Pieces.Of("a", [[1, 2]], new { window = 4 }));   // 32 bytes
        await serving.Post("/stream/words", Pieces.Of("b", start: new { window = 8 }));      // 64
        Assert.Equal(429, (await serving.Post("/stream/words", Pieces.Of("a", [[5]], new { window = 5 }))).Status);
        Assert.Equal(3, (int)(await serving.Post("/stream/words", Pieces.Of("a", [[3]]))).Json["samples"]!);
        Assert.Equal(200, (await serving.Post("/stream/words", Pieces.Of("a", [[5]], new { window = 4 }))).Status);   // in its own place
    }

    [Fact]
    public async Task A_piece_that_finds_the_queue_full_is_not_taken_and_can_be_sent_again()
    {
        await using var serving = await Serve(new() { MaxBatch = 1, MaxQueue = 1 });
        await serving.Post("/stream/words", Pieces.Of("a", [[1, 2, 3]], new { window = 4, hop = 1 }));
        using (var refused = await serving.Client.PostAsync("/stream/words", new StringContent(Pieces.Of("a", [[4, 5]])), TestContext.Current.CancellationToken))
        {
            Assert.Equal(429, (int)refused.StatusCode);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }
        var (status, answer) = await serving.Post("/stream/words", Pieces.Of("a", [[4]], at: 3));
        Assert.Equal((200, 4), (status, (int)answer["samples"]!));
        Assert.Single(answer["windows"]!.AsArray());
    }

    [Fact]
    public async Task A_piece_says_where_it_belongs_and_is_refused_elsewhere()
    {
        await using var serving = await Serve(new() { MaxBatch = 1 });
        await serving.Post("/stream/words", Pieces.Of("a", [[1, 2]], Start));
        var (status, answer) = await serving.Post("/stream/words", Pieces.Of("a", [[1, 2]], at: 0));
        Assert.Equal((409, "at: expected the piece behind the 2 samples that were taken, found 0."), (status, (string)answer["error"]!));
        Assert.Equal(409, (await serving.Post("/stream/words/versions/1", Pieces.Of("a", [[3]], at: 1))).Status);
        Assert.Equal(3, (int)(await serving.Post("/stream/words/versions/1", Pieces.Of("a", [[3]], at: 2))).Json["samples"]!);
    }

    [Fact]
    public async Task A_stream_stays_with_its_version_of_a_model()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("words", models.Answers), ("words", models.Answers));
        await serving.Post("/stream/words/versions/1", Pieces.Of("a", start: Start));
        var (_, answer) = await serving.Post("/stream/words", Pieces.Of("a", [[1, 2, 3, 4]]));
        Assert.Equal("1", (string)answer["version"]!);
        var (status, other) = await serving.Post("/stream/words/versions/2", Pieces.Of("a", [[5]]));
        Assert.Equal((409, "Stream a of model words: expected version 1, which it was started with, found 2."), (status, (string)other["error"]!));
    }

    [Fact]
    public async Task One_piece_of_a_stream_is_under_way_at_a_time()
    {
        await using var serving = await Serve(new() { MaxBatch = 1 });
        var model = serving.Models.Models[0];
        var stream = serving.Streams.Open(model, "a", new() { Window = 4, Hop = 4 });
        Assert.Equal(409, Assert.Throws<RequestException>(() => serving.Streams.Enter("words", null, "a")).Status);
        Assert.Equal(409, Assert.Throws<RequestException>(() => serving.Streams.Open(model, "a", new() { Window = 4, Hop = 4 })).Status);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, serving.Streams.Count);   // it is not idle
        serving.Streams.Leave(stream, hasEnded: false);
        Assert.Same(stream, serving.Streams.Enter("words", null, "a"));
    }

    private Task<TestServing> Serve(ServingSettings settings) => TestServing.Start(settings, clock, ("words", models.Answers));
}
