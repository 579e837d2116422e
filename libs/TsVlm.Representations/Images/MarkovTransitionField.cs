namespace TsVlm.Representations.Images;

/// <summary>
/// Markov transition field (Wang and Oates, IJCAI 2015, section 2.2; the transition matrix between quantiles after Campanharo et al.,
/// "Duality between Time Series and Networks", PLoS ONE 2011): how probable it is that the bin of one step is followed by the bin of
/// another. The bins are the series' own quantiles, so amplitude and offset are lost.
/// </summary>
internal static class MarkovTransitionField
{
    /// <summary>Quantile bins; the smallest of the numbers that the paper tries.</summary>
    public const int NumBins = 8;

    /// <summary>
    /// Bin of each value among so many, by quantiles with linear interpolation (Hyndman and Fan's type 7); a value on a border is in the
    /// lower bin.
    /// </summary>
    public static int[] Bins(double[] values, int numBins)
    {
        var sorted = values.Order().ToArray();
        var borders = Enumerable.Range(1, numBins - 1).Select(bin => Quantile(sorted, (double)bin / numBins)).ToArray();
        return Array.ConvertAll(values, value => borders.Count(border => border < value));
    }

    /// <summary>
    /// (from bin, to bin) share of a bin's steps that the other bin follows; each row sums to 1, or is 0 where no step follows.
    /// </summary>
    public static double[,] Transitions(int[] bins, int numBins)
    {
        var (matrix, totals) = (new double[numBins, numBins], new int[numBins]);
        for (var t = 1; t < bins.Length; t++)
        {
            matrix[bins[t - 1], bins[t]]++;
            totals[bins[t - 1]]++;
        }
        for (var from = 0; from < numBins; from++)
            for (var to = 0; to < numBins; to++) matrix[from, to] /= Math.Max(1, totals[from]);
        return matrix;
    }

    /// <summary>
    /// The field of at most that many rows and columns, from 0 to 1: cell (i, j) is the probability of going from step i's bin to step j's,
    /// averaged over blocks of steps where the series is longer, as the paper does.
    /// </summary>
    public static double[,] Of(double[] values, int mostCells, int numBins = NumBins)
    {
        var bins = Bins(values, numBins);
        var transitions = Transitions(bins, numBins);
        // The mean over a block of cells depends on how many of its steps are in which bin only.
        var size = Math.Min(values.Length, mostCells);
        var shares = new double[size, numBins];
        for (var part = 0; part < size; part++)
        {
            var (first, end) = Field.Part(part, size, values.Length);
            for (var t = first; t < end; t++) shares[part, bins[t]] += 1.0 / (end - first);
        }
        return Product(Product(shares, transitions), Transposed(shares));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (at - below));
    }

    private static double[,] Product(double[,] left, double[,] right)
    {
        var (rows, columns, inner) = (left.GetLength(0), right.GetLength(1), right.GetLength(0));
        var product = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < inner; k++)
            {
                var factor = left[i, k];
                if (factor == 0) continue;
                for (var j = 0; j < columns; j++) product[i, j] += factor * right[k, j];
            }
        }
        return product;
    }

    private static double[,] Transposed(double[,] matrix)
    {
        var transposed = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (var i = 0; i < matrix.GetLength(0); i++)
            for (var j = 0; j < matrix.GetLength(1); j++) transposed[j, i] = matrix[i, j];
        return transposed;
    }
}
