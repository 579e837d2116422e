namespace TsVlm.Cli.Display;

/// <summary>
/// A time left to be shown: it counts down with the clock and follows estimates that change without jumping, upwards only where they are
/// clearly higher.
/// </summary>
internal sealed class SteadyCountdown
{
    private const double Tolerance = 1.1;
    private static readonly TimeSpan TimeConstant = TimeSpan.FromSeconds(4);
    private double? shown;
    private TimeSpan last;

    /// <summary>The time to show.</summary>
    /// <param name="estimate">The newest estimate; null for none, which leaves it counting.</param>
    /// <param name="now">Time since any fixed moment.</param>
    public TimeSpan? Update(TimeSpan? estimate, TimeSpan now)
    {
        var passed = (now - last).TotalSeconds;
        last = now;
        if (shown is not { } before) shown = estimate?.TotalSeconds;
        else
        {
            var counted = Math.Max(0, before - passed);
            var target = estimate?.TotalSeconds ?? counted;
            var isSteady = target > counted && target <= counted * Tolerance;
            shown = isSteady ? counted : counted + ((target - counted) * (1 - Math.Exp(-passed / TimeConstant.TotalSeconds)));
        }
        return shown is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
