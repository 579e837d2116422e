namespace TsVlm.Evaluation.Metrics;

/// <summary>
/// How often each class was taken for each, and what follows from these counts. Definitions as in scikit-learn, with zero_division=0.
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly int[][] counts;

    /// <summary>Counts the cases.</summary>
    public ConfusionMatrix(PredictedCases cases)
    {
        counts = [.. Enumerable.Range(0, cases.NumClasses).Select(_ => new int[cases.NumClasses])];
        for (var index = 0; index < cases.NumCases; index++) counts[cases.Truth[index]][cases.Predicted[index]]++;
    }

    /// <summary>Counts (true class, predicted class).</summary>
    public IReadOnlyList<IReadOnlyList<int>> Counts => counts;

    /// <summary>Number of classes.</summary>
    public int NumClasses => counts.Length;

    /// <summary>Share of cases predicted right.</summary>
    public double Accuracy => (double)Classes.Sum(c => counts[c][c]) / Classes.Sum(Support);

    /// <summary>Mean recall over the classes that occur among the true ones.</summary>
    public double BalancedAccuracy => Classes.Where(c => Support(c) > 0).Average(Recall);

    /// <summary>Unweighted mean of F1 over the classes that occur among the true or the predicted ones.</summary>
    public double MacroF1 => Classes.Where(c => Support(c) + NumPredicted(c) > 0).Average(F1);

    private IEnumerable<int> Classes => Enumerable.Range(0, NumClasses);

    /// <summary>Cases that are of the class.</summary>
    public int Support(int c) => counts[c].Sum();

    /// <summary>Cases that were taken for the class.</summary>
    public int NumPredicted(int c) => counts.Sum(row => row[c]);

    /// <summary>Share of the cases taken for the class that are of it; 0 where none was taken for it.</summary>
    public double Precision(int c) => Share(counts[c][c], NumPredicted(c));

    /// <summary>Share of the cases of the class that were taken for it; 0 where there are none.</summary>
    public double Recall(int c) => Share(counts[c][c], Support(c));

    /// <summary>Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN); 0 where the class does not occur.</summary>
    public double F1(int c) => Share(2 * counts[c][c], Support(c) + NumPredicted(c));

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
