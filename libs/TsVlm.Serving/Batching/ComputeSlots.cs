namespace TsVlm.Serving.Batching;

/// <summary>The passes that may be computed at a time, over all models of the process.</summary>
/// <param name="count">How many.</param>
internal sealed class ComputeSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim free = new(count);

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>Waits for a free one, does the work on a thread of the pool, and frees it.</summary>
    public async Task Run(Action work)
    {
        await free.WaitAsync();
        try
        {
            await Task.Run(work);
        }
        finally
        {
            free.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => free.Dispose();
}
