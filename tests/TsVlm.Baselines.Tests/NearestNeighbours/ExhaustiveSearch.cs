using TsVlm.Data;

namespace TsVlm.Baselines.Tests.NearestNeighbours;

/// <summary>The definitions written out without any shortcut: what the fast search must agree with.</summary>
internal static class ExhaustiveSearch
{
    /// <summary>Dynamic time warping by the full table.</summary>
    public static double Warped(TimeSeries a, TimeSeries b, int window)
    {
        window = Math.Max(window, Math.Abs(a.Length - b.Length));
        var table = new double[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 && j == 0 ? 0 : double.PositiveInfinity;
                if (i == 0 || j == 0 || Math.Abs(i - j) > window) continue;
                var cost = Enumerable.Range(0, a.NumChannels).Sum(channel => Square(a.Channel(channel)[i - 1] - b.Channel(channel)[j - 1]));
                table[i, j] = cost + Math.Min(table[i - 1, j - 1], Math.Min(table[i - 1, j], table[i, j - 1]));
            }
        }
        return table[a.Length, b.Length];
    }

    /// <summary>Index of the nearest; the first of several.</summary>
    public static int Nearest(IReadOnlyList<LabelledSeries> training, TimeSeries query, int window, int leftOut = -1)
    {
        var (best, nearest) = (double.PositiveInfinity, -1);
        for (var index = 0; index < training.Count; index++)
        {
            if (index == leftOut) continue;
            var distance = Warped(query, training[index].Series, window);
            if (distance < best) (best, nearest) = (distance, index);
        }
        return nearest;
    }

    /// <summary>Best window in percent by leave-one-out; the smallest of the best.</summary>
    public static int BestPercent(IReadOnlyList<LabelledSeries> training)
    {
        var longest = training.Max(labelled => labelled.Series.Length);
        return Enumerable.Range(0, 101).MaxBy(percent => Enumerable.Range(0, training.Count).Count(index =>
            training[Nearest(training, training[index].Series, (percent * longest + 99) / 100, leftOut: index)].Label
            == training[index].Label));
    }

    private static double Square(double value) => value * value;
}
