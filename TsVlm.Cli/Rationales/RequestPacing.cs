namespace TsVlm.Cli.Rationales;

/// <summary>Lets requests through at even distances, so that no minute has more than so many.</summary>
/// <param name="perMinute">Requests a minute.</param>
/// <param name="clock">The time.</param>
internal sealed class RequestPacing(int perMinute, TimeProvider clock)
{
    private readonly TimeSpan distance = TimeSpan.FromMinutes(1) / perMinute;
    private DateTimeOffset next = DateTimeOffset.MinValue;

    /// <summary>Waits for the next place; not for several callers at once.</summary>
    public async Task Wait(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (next > now) await Task.Delay(next - now, clock, cancellationToken);
        next = clock.GetUtcNow() + distance;
    }
}
