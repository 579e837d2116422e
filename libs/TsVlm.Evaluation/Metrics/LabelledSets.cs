using TsVlm.Data;

namespace TsVlm.Evaluation.Metrics;

/// <summary>
/// Test cases whose classes are sets of labels, label by label. A label's probability is the sum of those of the classes that hold it; it
/// is predicted above one half, which is the choice of least expected Hamming loss (Dembczyński et al. 2012, "On label dependence and loss
/// minimization in multi-label classification", Machine Learning 88).
/// So the labels predicted may differ from those of the most probable class, which is the choice of highest expected subset accuracy.
/// </summary>
public sealed class LabelledSets
{
    /// <summary>Takes the classes of the data set and the predictions.</summary>
    public LabelledSets(IReadOnlyList<string> classes, IReadOnlyList<CasePrediction> predictions)
    {
        Labels = LabelSets.Labels(classes);
        // (classes, labels)
        bool[][] holds = [.. classes.Select(name => LabelSets.LabelsOf(name))
            .Select(set => Labels.Select(label => set.Contains(label)).ToArray())];
        Cases = [.. predictions.Select(p => p.Case)];
        Truth = [.. predictions.Select(p => holds[p.Label])];
        // Sums of probabilities in another order may pass 1 by a rounding.
        Probabilities = [.. predictions.Select(
            p => Labels.Select((_, l) => Math.Min(1, holds.Zip(p.Probabilities).Sum(c => c.First[l] ? c.Second : 0))).ToArray())];
        Predicted = [.. Probabilities.Select(row => Array.ConvertAll(row, p => p > 0.5))];
    }

    /// <summary>Every label of the data set: L of them.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Numbers of the cases in their data set: N of them.</summary>
    public IReadOnlyList<int> Cases { get; }

    /// <summary>Whether the case has the label: (N, L).</summary>
    public IReadOnlyList<bool[]> Truth { get; }

    /// <summary>Whether the label is predicted: (N, L).</summary>
    public IReadOnlyList<bool[]> Predicted { get; }

    /// <summary>Probability of the label: (N, L).</summary>
    public IReadOnlyList<double[]> Probabilities { get; }
}
