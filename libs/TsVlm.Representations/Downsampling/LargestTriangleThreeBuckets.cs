using TsVlm.Data;

namespace TsVlm.Representations.Downsampling;

/// <summary>
/// Largest Triangle Three Buckets (Steinarsson 2013, section 4.2) for one or more channels: the first and the last step stay, and of
/// each bucket between them the step stays whose triangles with the step kept before and the next bucket's mean have the largest area,
/// summed over the channels, each scaled by its own span. So channels share their time steps. Missing values add no area.
/// </summary>
internal static class LargestTriangleThreeBuckets
{
    public static int[] Select(TimeSeries series, int numPoints)
    {
        var times = new int[numPoints];
        if (numPoints == 1) return times;
        times[^1] = series.Length - 1;

        var spans = ChannelSpans.Inverse(series);
        var kept = new double[series.NumChannels];                       // value of each channel at the last kept step that has one
        var keptTimes = new int[series.NumChannels];
        for (var c = 0; c < kept.Length; c++) kept[c] = series.Channel(c)[0];

        for (var i = 1; i < numPoints - 1; i++)
        {
            var (start, end) = (BucketStart(i), BucketStart(i + 1));
            var areas = new double[end - start];
            for (var c = 0; c < kept.Length; c++)
                AddAreas(areas, series.Channel(c), start, end, i == numPoints - 2
                    ? series.Length : BucketStart(i + 2), keptTimes[c], kept[c], spans[c]);
            times[i] = start + IndexOfFirstMaximum(areas);
            for (var c = 0; c < kept.Length; c++)
                if (!double.IsNaN(series.Channel(c)[times[i]])) (kept[c], keptTimes[c]) = (series.Channel(c)[times[i]], times[i]);
        }
        return times;

        int BucketStart(int bucket) => 1 + (int)((long)(bucket - 1) * (series.Length - 2) / (numPoints - 2));
    }

    // The next bucket is end..nextEnd; for the last inner bucket it is the last step alone.
    private static void AddAreas(double[] areas, ReadOnlySpan<double> values, int start, int end, int nextEnd, int keptTime, double kept,
        double span)
    {
        if (span == 0 || double.IsNaN(kept)) return;
        var (nextTime, next, count) = (0.0, 0.0, 0);
        for (var t = end; t < nextEnd; t++)
        {
            if (double.IsNaN(values[t])) continue;
            nextTime += t;
            next += (values[t] - kept) * span;
            count++;
        }
        if (count == 0) return;
        nextTime = (nextTime / count) - keptTime;
        next /= count;
        for (var t = start; t < end; t++)
            if (!double.IsNaN(values[t]))
                areas[t - start] += Math.Abs((nextTime * (values[t] - kept) * span) - ((t - keptTime) * next)) / 2;
    }

    private static int IndexOfFirstMaximum(double[] areas)
    {
        var best = 0;
        for (var i = 1; i < areas.Length; i++) if (areas[i] > areas[best]) best = i;
        return best;
    }
}
