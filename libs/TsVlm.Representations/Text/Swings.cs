namespace TsVlm.Representations.Text;

/// <summary>A segment between two turning points.</summary>
/// <param name="Start">Time step of the first turning point.</param>
/// <param name="End">Time step of the second turning point.</param>
/// <param name="IsUp">True when the series rises from one to the other.</param>
internal readonly record struct Swing(int Start, int End, bool IsUp);

/// <summary>
/// Cuts a channel at its turning points: a rise ends at a maximum from which the series falls by more than a quarter of its range, and the
/// other way round. Where that gives more than six segments the threshold grows until it does not.
/// </summary>
internal static class Swings
{
    private const int MaxSwings = 6;
    private const double FirstThreshold = 0.25;
    private const double ThresholdGrowth = 1.25;

    /// <summary>The segments in order of time; none where the channel is constant.</summary>
    public static IReadOnlyList<Swing> Find(double[] values)
    {
        var moments = Moments.Of(values);
        if (moments.Deviation == 0) return [];
        var range = moments.Maximum - moments.Minimum;
        for (var threshold = FirstThreshold; threshold < 1; threshold *= ThresholdGrowth)
            if (Find(values, threshold * range) is { Count: <= MaxSwings } swings) return swings;
        return [Between(values, Array.IndexOf(values, moments.Minimum), Array.IndexOf(values, moments.Maximum))];
    }

    private static List<Swing> Find(double[] values, double threshold)
    {
        var swings = new List<Swing>();
        var (low, high, turn) = (0, 0, -1);
        var isUp = false;
        for (var t = 1; t < values.Length; t++)
        {
            if (values[t] > values[high]) high = t;
            if (values[t] < values[low]) low = t;
            if ((turn < 0 || !isUp) && values[t] - values[low] > threshold) TurnAt(low, goesUp: true, t);
            else if ((turn < 0 || isUp) && values[high] - values[t] > threshold) TurnAt(high, goesUp: false, t);
        }
        if (turn >= 0) swings.Add(new Swing(turn, isUp ? high : low, isUp));
        return swings;

        void TurnAt(int time, bool goesUp, int now)
        {
            if (turn >= 0) swings.Add(new Swing(turn, time, isUp));
            turn = time;
            isUp = goesUp;
            low = now;
            high = now;
        }
    }

    private static Swing Between(double[] values, int one, int other)
    {
        var (start, end) = (Math.Min(one, other), Math.Max(one, other));
        return new Swing(start, end, values[end] > values[start]);
    }
}
