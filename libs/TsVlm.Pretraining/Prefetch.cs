namespace TsVlm.Pretraining;

/// <summary>
/// Makes the value of the number after the one that is asked for, while the caller works on that; values are taken in rising order.
/// </summary>
/// <param name="make">Makes the value of a number.</param>
internal sealed class Prefetch<T>(Func<int, T> make) : IDisposable
    where T : class, IDisposable
{
    private (int Number, Task<T> Value)? next;
    private T? last;

    /// <summary>The value of that number, until the next is taken.</summary>
    public T Take(int number)
    {
        last?.Dispose();
        var value = next is { } waiting && waiting.Number == number ? waiting.Value : Task.Run(() => make(number));
        last = value.GetAwaiter().GetResult();
        next = (number + 1, Task.Run(() => make(number + 1)));
        return last;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        last?.Dispose();
        if (next is not { Value: var unasked }) return;
        Task.WaitAny(unasked);   // that it failed matters to nobody who has not asked for it
        if (unasked.IsCompletedSuccessfully) unasked.Result.Dispose();
    }
}
