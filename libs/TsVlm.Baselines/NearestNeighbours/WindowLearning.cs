using TsVlm.Baselines.Series;

namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>
/// Chooses the band by leave-one-out on the training series, as the UCR archive does: 0 to 100% of the length in steps of 1%, the smallest
/// of the best.
/// No distance grows with the window (Tan et al. 2018): where the nearest neighbour and its distance are the same at two windows,
/// they are the same at every window between, so few windows need a search.
/// </summary>
internal static class WindowLearning
{
    /// <summary>Best window in percent of the longest training length.</summary>
    public static int BestPercent(ComparableSeries[] training, IReadOnlyList<string> labels, ParallelOptions options)
    {
        var longest = training.Max(series => series.Length);
        int[] windows = [.. Enumerable.Range(0, 101).Select(percent => WindowSteps(percent, longest))];
        if (training.Length == 1) return 0;
        var numRight = new int[windows.Length];
        Parallel.For(0, training.Length, options, () => new LeaveOneOut(training, windows, longest), (index, _, search) =>
        {
            var nearest = search.Nearest(index);
            for (var percent = 0; percent < nearest.Length; percent++)
                if (labels[nearest[percent].Index] == labels[index]) Interlocked.Increment(ref numRight[percent]);
            return search;
        }, _ => { });
        return Array.IndexOf(numRight, numRight.Max());
    }

    /// <summary>Steps of a window in percent, rounded up.</summary>
    public static int WindowSteps(int percent, int longest) => (percent * longest + 99) / 100;

    /// <summary>Nearest other series at every window. Owns its buffers: one instance a thread.</summary>
    private sealed class LeaveOneOut(ComparableSeries[] training, int[] windows, int longest)
    {
        private readonly NeighbourSearch search = new(training, longest);
        private readonly Neighbour[] nearest = new Neighbour[windows.Length];

        // Lower bounds of the distances at the upper end of the interval, one array a level of halving.
        private readonly double[][] bounds = [.. Enumerable.Range(0, 9).Select(_ => new double[training.Length])];

        public Neighbour[] Nearest(int index)
        {
            search.Sort(training[index]);
            var other = new Neighbour(index == 0 ? 1 : 0, double.PositiveInfinity);
            nearest[0] = search.Warped(training[index], windows[0], other, index, [], []);
            nearest[^1] = search.Warped(training[index], windows[^1], nearest[0], index, [], bounds[0]);
            Fill(index, 0, windows.Length - 1, level: 0);
            return nearest;
        }

        /// <summary>Fills the windows strictly between two whose neighbours are known.</summary>
        private void Fill(int index, int narrow, int wide, int level)
        {
            if (wide - narrow < 2) return;
            var middle = (narrow + wide) / 2;
            if (nearest[narrow] == nearest[wide] || windows[narrow] == windows[wide])
            {
                nearest.AsSpan(narrow + 1, wide - narrow - 1).Fill(nearest[narrow]);
                return;
            }
            nearest[middle] = search.Warped(training[index], windows[middle], nearest[narrow], index, bounds[level], bounds[level + 1]);
            Fill(index, narrow, middle, level + 1);
            Fill(index, middle, wide, level);
        }
    }
}
