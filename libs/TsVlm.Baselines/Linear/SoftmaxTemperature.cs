namespace TsVlm.Baselines.Linear;

/// <summary>Decision values as probabilities: softmax at a temperature that makes them likely.</summary>
public static class SoftmaxTemperature
{
    private const double Lowest = 0.01, Highest = 100;
    private const int NumSteps = 60;
    private const double GoldenSection = 0.6180339887498949;

    /// <summary>
    /// Inverse temperature, 0.01 to 100, of least cross-entropy. The true class is asked for with 1 - 1 / (cases + 2) only, after Platt
    /// (1999): few cases without an error do not make for certainty.
    /// </summary>
    /// <param name="decisions">Held-out decision values (cases, classes).</param>
    /// <param name="classes">True class of each case.</param>
    public static double FitInverse(IReadOnlyList<double[]> decisions, IReadOnlyList<int> classes)
    {
        // Convex in the inverse temperature, so with one valley in its logarithm.
        var (low, high) = (Math.Log(Lowest), Math.Log(Highest));
        var (left, right) = (high - GoldenSection * (high - low), low + GoldenSection * (high - low));
        var (atLeft, atRight) = (CrossEntropy(left), CrossEntropy(right));
        for (var step = 0; step < NumSteps; step++)
        {
            if (atLeft <= atRight)
            {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GoldenSection * (high - low);
                atLeft = CrossEntropy(left);
            }
            else
            {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GoldenSection * (high - low);
                atRight = CrossEntropy(right);
            }
        }
        return Math.Exp((low + high) / 2);

        double CrossEntropy(double logarithm)
        {
            var (inverse, sum) = (Math.Exp(logarithm), 0.0);
            var doubt = 1.0 / (decisions.Count + 2);
            for (var i = 0; i < decisions.Count; i++)
            {
                var others = (decisions[i].Sum() - decisions[i][classes[i]]) / Math.Max(1, decisions[i].Length - 1);
                sum += LogSumExp(decisions[i], inverse) - inverse * ((1 - doubt) * decisions[i][classes[i]] + doubt * others);
            }
            return sum;
        }
    }

    /// <summary>Probabilities in the order of the decision values, summing to 1.</summary>
    public static double[] Apply(double[] decisions, double inverse)
    {
        var total = LogSumExp(decisions, inverse);
        return Array.ConvertAll(decisions, decision => Math.Exp(inverse * decision - total));
    }

    private static double LogSumExp(double[] decisions, double inverse)
    {
        var highest = decisions.Max();
        return inverse * highest + Math.Log(decisions.Sum(decision => Math.Exp(inverse * (decision - highest))));
    }
}
