using System.Collections.Concurrent;
using TsVlm.Representations.Samples;
using TsVlm.Serving.Batching;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Tests.Batching;

/// <summary>Admission, passes, callers that leave and failures, with a model that waits until it is told to go on.</summary>
public sealed class BatchQueueTests : IAsyncDisposable
{
    private readonly ComputeSlots slots = new(1);
    private readonly SemaphoreSlim steps = new(0);
    private readonly ConcurrentQueue<string[]> passes = new();

    [Fact]
    public async Task A_request_beyond_the_bound_is_refused_with_429_and_when_to_ask_again()
    {
        await using var queue = Queue(maxQueue: 3);
        using var first = queue.Admit(2);
        var error = Assert.Throws<RequestException>(() => queue.Admit(2));
        Assert.Equal(429, error.Status);
        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, 1, 60);
        using (queue.Admit(1)) Assert.Equal(3, queue.Length);
        Assert.Equal(2, queue.Length);
    }

    [Fact]
    public async Task Series_that_wait_share_a_pass_up_to_its_size()
    {
        await using var queue = Queue(passSize: 3);
        using var places = queue.Admit(6);
        var answers = Ask(queue, "0");
        await Begun(1);
        var more = Enumerable.Range(1, 5).Select(i => Ask(queue, $"{i}")).ToArray();
        steps.Release(3);
        Assert.Equal(["1", "2", "3", "4", "5"], (await Task.WhenAll(more)).Select(answer => answer.Label));
        Assert.Equal("0", (await answers).Label);
        Assert.Equal([1, 3, 2], passes.Select(pass => pass.Length));
    }

    [Fact]
    public async Task A_series_waits_for_others_of_its_pass_at_most_as_long_as_set()
    {
        await using var queue = Queue(passSize: 3, maxWait: TimeSpan.FromMilliseconds(300));
        using var places = queue.Admit(2);
        steps.Release(2);
        var first = Ask(queue, "a");
        await Task.Delay(20, TestContext.Current.CancellationToken);
        var second = Ask(queue, "b");
        await Task.WhenAll(first, second);
        Assert.Equal(["a", "b"], Assert.Single(passes));
    }

    [Fact]
    public async Task A_series_whose_caller_has_left_is_not_computed()
    {
        await using var queue = Queue();
        using var places = queue.Admit(3);
        using var caller = new CancellationTokenSource();
        var first = Ask(queue, "first");
        await Begun(1);
        var left = Ask(queue, "left", caller.Token);
        var last = Ask(queue, "last");
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        steps.Release(3);
        await Task.WhenAll(first, last);
        Assert.Equal(["first", "last"], passes.Select(pass => pass.Single()));
    }

    [Fact]
    public async Task A_pass_that_fails_fails_its_own_series_alone()
    {
        await using var queue = Queue();
        using var places = queue.Admit(2);
        steps.Release(2);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ask(queue, "broken"));
        Assert.Equal("whole", (await Ask(queue, "whole")).Label);
    }

    [Fact]
    public async Task A_queue_that_ends_answers_what_it_has_admitted_and_nothing_more()
    {
        var queue = Queue();
        var places = queue.Admit(2);
        var answers = Task.WhenAll(Ask(queue, "a"), Ask(queue, "b"));
        await Begun(1);
        var end = queue.DisposeAsync().AsTask();
        Assert.Equal(503, Assert.Throws<RequestException>(() => queue.Admit(1)).Status);
        steps.Release(2);
        Assert.Equal(["a", "b"], (await answers).Select(answer => answer.Label));
        Assert.False(end.IsCompleted, "its places are not left yet");
        places.Dispose();
        await end;
    }

    public ValueTask DisposeAsync()
    {
        slots.Dispose();
        steps.Dispose();
        return ValueTask.CompletedTask;
    }

    private BatchQueue Queue(int passSize = 1, int maxQueue = 100, TimeSpan maxWait = default) => new("model", pass =>
    {
        passes.Enqueue([.. pass.Select(input => input.Prompt)]);
        Assert.True(steps.Wait(TimeSpan.FromSeconds(20)));
        if (pass.Any(input => input.Prompt == "broken")) throw new InvalidOperationException("broken");
        return [.. pass.Select(input => new SeriesAnswer(input.Prompt, [1]))];
    }, passSize, slots, new() { MaxQueue = maxQueue, MaxWait = maxWait }, TimeProvider.System);

    private static Task<SeriesAnswer> Ask(BatchQueue queue, string prompt, CancellationToken? caller = null) =>
        queue.Ask(new SampleInput(prompt, null, 1), caller ?? TestContext.Current.CancellationToken);

    private async Task Begun(int numPasses)
    {
        while (passes.Count < numPasses) await Task.Delay(1, TestContext.Current.CancellationToken);
    }
}
