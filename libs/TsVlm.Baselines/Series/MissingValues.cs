namespace TsVlm.Baselines.Series;

/// <summary>Distances need a value at every step, so missing ones are filled from the same series alone.</summary>
public static class MissingValues
{
    /// <summary>
    /// Copies one channel (time steps), with each run of NaN replaced by the straight line between its neighbours,
    /// by the nearest value at either end, and by 0 where the whole channel is missing.
    /// </summary>
    public static double[] Fill(ReadOnlySpan<double> values)
    {
        var filled = values.ToArray();
        var known = -1;
        for (var t = 0; t < filled.Length; t++)
        {
            if (double.IsNaN(filled[t])) continue;
            for (var gap = known + 1; gap < t; gap++)
                filled[gap] = known < 0 ? filled[t] : filled[known] + (filled[t] - filled[known]) * (gap - known) / (t - known);
            known = t;
        }
        filled.AsSpan(known + 1).Fill(known < 0 ? 0 : filled[known]);
        return filled;
    }
}
