namespace TsVlm.Chaos.Api;

/// <summary>The pause of a client after each answer: from half the mean to one and a half.</summary>
internal sealed record ThinkTime(int MeanMs)
{
    public int MinMs => MeanMs / 2;

    public int MaxMs => MeanMs * 3 / 2;

    /// <summary>Waits before the first request, up to the longest pause.</summary>
    public Task Begin(Random random, CancellationToken end) => Wait(random.Next(MaxMs + 1), end);

    /// <summary>Waits; not longer than until the end.</summary>
    public Task Pause(Random random, CancellationToken end) => Wait(random.Next(MinMs, MaxMs + 1), end);

    /// <summary>Waits; not longer than until the end.</summary>
    public static async Task Wait(int milliseconds, CancellationToken end) =>
        await Task.Delay(milliseconds, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
