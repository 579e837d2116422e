namespace TsVlm.Evaluation.Metrics;

/// <summary>The prediction of one test case.</summary>
/// <param name="Case">Number of the case in its data set: training file first, then test file, from 0.</param>
/// <param name="Label">Position of the true class.</param>
/// <param name="Predicted">Position of the most probable class.</param>
/// <param name="Probabilities">Probability of each class, summing to 1.</param>
public sealed record CasePrediction(int Case, int Label, int Predicted, IReadOnlyList<double> Probabilities)
{
    /// <summary>The most probable class is predicted; of equals, the first.</summary>
    public static CasePrediction Of(int number, int label, IReadOnlyList<double> probabilities) =>
        new(number, label, Argmax(probabilities), probabilities);

    /// <summary>Position of the largest value; of equals, the first.</summary>
    public static int Argmax(IReadOnlyList<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Count; i++)
        {
            if (values[i] > values[best]) best = i;
        }
        return best;
    }
}
