using System.Diagnostics;
using TsVlm.Representations.Samples;
using TsVlm.Serving.Classification;

namespace TsVlm.Serving.Batching;

/// <summary>A series that waits for its pass.</summary>
/// <param name="Input">What the model is shown of it.</param>
/// <param name="Added">When it was added, as the clock's timestamp.</param>
/// <param name="Caller">Ends when the caller has left.</param>
internal sealed record PendingSeries(SampleInput Input, long Added, CancellationToken Caller)
{
    private readonly TaskCompletionSource<SeriesAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The span that asks.</summary>
    public ActivityContext Request { get; } = Activity.Current?.Context ?? default;

    /// <summary>The answer.</summary>
    public Task<SeriesAnswer> Answer => answer.Task;

    /// <summary>It is answered.</summary>
    public void Give(SeriesAnswer given) => answer.TrySetResult(given);

    /// <summary>Its pass has failed.</summary>
    public void Fail(Exception error) => answer.TrySetException(error);

    /// <summary>Whether the caller has left; then the series is done with.</summary>
    public bool Leaves() => Caller.IsCancellationRequested && answer.TrySetCanceled(Caller);
}
