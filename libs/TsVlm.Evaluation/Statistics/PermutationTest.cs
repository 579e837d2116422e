namespace TsVlm.Evaluation.Statistics;

/// <summary>
/// P of a statistic that depends on which label belongs to which case, by exchanging the labels at random (Phipson and Smyth 2010).
/// </summary>
/// <param name="Observed">The statistic with the labels as they are.</param>
/// <param name="Mean">Its mean over the exchanges: what chance gives.</param>
/// <param name="PValue">(1 + exchanges with at least the observed statistic) / (1 + exchanges); never 0.</param>
public sealed record PermutationTest(double Observed, double Mean, double PValue)
{
    /// <summary>Tests a statistic of labels (cases), higher being more unlikely.</summary>
    /// <param name="labels">The label of each case; left as they are.</param>
    /// <param name="statistic">The statistic of labels in some order.</param>
    /// <param name="count">Number of exchanges.</param>
    /// <param name="seed">Seed of the exchanges.</param>
    public static PermutationTest Of(int[] labels, Func<int[], double> statistic, int count, int seed)
    {
        var observed = statistic(labels);
        var (random, exchanged, atLeast, sum) = (new Random(seed), labels.ToArray(), 0, 0.0);
        for (var round = 0; round < count; round++)
        {
            random.Shuffle(exchanged);
            var value = statistic(exchanged);
            sum += value;
            if (value >= observed - 1e-12) atLeast++;
        }
        return new(observed, count == 0 ? double.NaN : sum / count, (1.0 + atLeast) / (1 + count));
    }
}
