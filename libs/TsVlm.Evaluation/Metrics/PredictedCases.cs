namespace TsVlm.Evaluation.Metrics;

/// <summary>What a model says of the test cases, beside the truth; the input of every metric.</summary>
public sealed class PredictedCases
{
    /// <summary>Takes the true class (cases), the predicted class (cases) and the probabilities (cases, classes).</summary>
    /// <exception cref="ArgumentException">
    /// No case, lists of different length, a class outside 0 to classes - 1, or rows that are no probabilities.
    /// </exception>
    public PredictedCases(IReadOnlyList<int> truth, IReadOnlyList<int> predicted, IReadOnlyList<double[]> probabilities)
    {
        if (truth.Count == 0 || predicted.Count != truth.Count || probabilities.Count != truth.Count)
            throw new ArgumentException(
                $"Expected as many predictions and rows of probabilities as true classes, and at least one; found {truth.Count} true classes, " +
                $"{predicted.Count} predictions and {probabilities.Count} rows.", nameof(truth));
        Truth = truth;
        Predicted = predicted;
        Probabilities = probabilities;
        NumClasses = probabilities[0].Length;
        for (var index = 0; index < truth.Count; index++)
        {
            if (truth[index] < 0 || truth[index] >= NumClasses || predicted[index] < 0 || predicted[index] >= NumClasses)
                throw new ArgumentException(
                    $"Case {index}: expected classes 0 to {NumClasses - 1}, found true class {truth[index]} and prediction {predicted[index]}.", nameof(truth));
            CheckRow(probabilities[index], index);
        }
    }

    /// <summary>True class (cases).</summary>
    public IReadOnlyList<int> Truth { get; }

    /// <summary>Predicted class (cases).</summary>
    public IReadOnlyList<int> Predicted { get; }

    /// <summary>Probability of each class (cases, classes); each row sums to 1.</summary>
    public IReadOnlyList<double[]> Probabilities { get; }

    /// <summary>Number of cases.</summary>
    public int NumCases => Truth.Count;

    /// <summary>Number of classes, those that do not occur included.</summary>
    public int NumClasses { get; }

    /// <summary>Cases whose prediction is the class of highest probability; the lowest class where several share it.</summary>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public static PredictedCases OfMostProbable(IReadOnlyList<int> truth, IReadOnlyList<double[]> probabilities) =>
        new(truth, [.. probabilities.Select(MostProbable)], probabilities);

    /// <summary>Class of highest probability (classes); the lowest where several share it.</summary>
    public static int MostProbable(double[] probabilities)
    {
        var best = 0;
        for (var c = 1; c < probabilities.Length; c++)
            if (probabilities[c] > probabilities[best]) best = c;
        return best;
    }

    private void CheckRow(double[] row, int index)
    {
        if (row.Length != NumClasses)
            throw new ArgumentException($"Case {index}: expected {NumClasses} probabilities as in case 0, found {row.Length}.",
                nameof(row));
        // Probabilities computed in single precision miss 1 by about 1e-6; sixty classes of them by less than 1e-4.
        if (!row.All(p => p is >= 0 and <= 1.0001) || Math.Abs(row.Sum() - 1) > 1e-4)
            throw new ArgumentException($"Case {index}: expected probabilities that sum to 1, found {string.Join(", ", row)}.",
                nameof(row));
    }
}
