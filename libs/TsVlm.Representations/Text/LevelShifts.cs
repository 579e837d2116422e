namespace TsVlm.Representations.Text;

/// <summary>A step from one level to another.</summary>
/// <param name="Time">First time step of the new level.</param>
/// <param name="IsUp">True when the new level is higher.</param>
internal readonly record struct LevelShift(int Time, bool IsUp);

/// <summary>
/// Level shifts by binary segmentation (Scott and Knott 1974): a part of the series is split where two means leave the least squared error,
/// if that error is under half of the part's and also less than a straight line leaves, so that a ramp is a trend and not a shift.
/// </summary>
internal static class LevelShifts
{
    private const int MaxShifts = 4;
    private const int ShortestLevel = 3;
    private const double MaxErrorLeft = 0.5;

    // A part that varies less than this share of the whole series' variance holds no shift worth telling.
    private const double MinShareOfVariance = 0.05;

    /// <summary>The shifts in order of time; the strongest where there are more than four.</summary>
    public static IReadOnlyList<LevelShift> Find(double[] values)
    {
        var moments = Moments.Of(values);
        var found = new List<(LevelShift Shift, double Gain)>();
        if (moments.Deviation > 0) Split(values, 0, values.Length, moments.Deviation, found);
        return [.. found.OrderByDescending(f => f.Gain).ThenBy(f => f.Shift.Time).Take(MaxShifts).Select(f => f.Shift)
            .OrderBy(s => s.Time)];
    }

    private static void Split(double[] values, int start, int end, double deviation, List<(LevelShift, double)> found)
    {
        var shortest = Math.Max(ShortestLevel, values.Length / 20);
        if (end - start < 2 * shortest) return;
        var part = Moments.Of(values[start..end]);
        if (part.Deviation * part.Deviation < MinShareOfVariance * deviation * deviation) return;
        var error = part.Deviation * part.Deviation * (end - start);
        var (best, min, left) = (-1, double.PositiveInfinity, 0.0);
        for (var at = start + 1; at <= end - shortest; at++)
        {
            left += values[at - 1] - part.Mean;
            if (at - start < shortest) continue;
            // Error left by two means = error of one mean - (sum of the left part's deviations)^2 * n / (n_left * n_right).
            var leftOver = error - (left * left * (end - start) / ((double)(at - start) * (end - at)));
            if (leftOver < min) (best, min) = (at, leftOver);
        }
        if (best < 0 || min >= MaxErrorLeft * error || min >= ErrorOfLine(values, start, end)) return;
        var isUp = values[best..end].Average() > values[start..best].Average();
        found.Add((new LevelShift(best, isUp), error - min));
        Split(values, start, best, deviation, found);
        Split(values, best, end, deviation, found);
    }

    private static double ErrorOfLine(double[] values, int start, int end)
    {
        var line = FittedLine.Through(values.AsSpan(start, end - start));
        return values[start..end].Select((value, t) => (value - line.At(t)) * (value - line.At(t))).Sum();
    }
}
