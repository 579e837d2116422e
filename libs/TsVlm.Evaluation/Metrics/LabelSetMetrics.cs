namespace TsVlm.Evaluation.Metrics;

/// <summary>Metrics of one label.</summary>
/// <param name="Label">The label.</param>
/// <param name="Precision">Share of the cases that it is predicted for that have it; 0 where it is predicted for none.</param>
/// <param name="Recall">Share of the cases that have it that it is predicted for; 0 where none has it.</param>
/// <param name="F1">Harmonic mean of precision and recall; 0 where the label does not occur.</param>
/// <param name="Support">Cases that have it.</param>
/// <param name="Auroc">Area under the ROC curve of its probability; NaN where it is not defined.</param>
public sealed record LabelMetrics(string Label, double Precision, double Recall, double F1, int Support, double Auroc);

/// <summary>
/// Metrics of predicted sets of labels, by the definitions of Tsoumakas and Katakis (2007) and scikit-learn. What is predicted of each
/// label is told in
/// <see cref="LabelledSets"/>; subset accuracy is that of the most probable class, the accuracy of the result.
/// </summary>
public sealed record LabelSetMetrics
{
    /// <summary>Share of the cases whose most probable class is exactly their set of labels.</summary>
    public required double SubsetAccuracy { get; init; }

    /// <summary>Share of cases and labels where a label is predicted that is not there, or missed.</summary>
    public required double HammingLoss { get; init; }

    /// <summary>
    /// Mean over the cases of 2 |Y and Z| / (|Y| + |Z|), Y being the labels and Z the predicted ones; 1 where there are neither.
    /// </summary>
    public required double ExampleF1 { get; init; }

    /// <summary>Mean over the cases of |Y and Z| / |Y or Z|; 1 where there are neither.</summary>
    public required double Jaccard { get; init; }

    /// <summary>F1 of all decisions over cases and labels taken together; 0 where no label occurs.</summary>
    public required double MicroF1 { get; init; }

    /// <summary>Unweighted mean of F1 over the labels that occur in truth or prediction; 0 where none does.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Metrics of each label, in the order of <see cref="LabelledSets.Labels"/>.</summary>
    public required IReadOnlyList<LabelMetrics> Labels { get; init; }

    /// <summary>Computes every metric.</summary>
    /// <param name="sets">The cases label by label.</param>
    /// <param name="subsetAccuracy">Accuracy of the classes.</param>
    public static LabelSetMetrics Of(LabelledSets sets, double subsetAccuracy)
    {
        var counts = sets.Labels.Select((_, l) => Counts.Of(sets.Truth.Zip(sets.Predicted, (y, z) => (y[l], z[l])))).ToList();
        var examples = sets.Truth.Zip(sets.Predicted, (y, z) => Counts.Of(y.Zip(z))).ToList();
        return new()
        {
            SubsetAccuracy = subsetAccuracy,
            HammingLoss = counts.Sum(c => c.NumWrong) / (double)Math.Max(1, sets.Cases.Count * sets.Labels.Count),
            ExampleF1 = examples.Average(c => c.IsEmpty ? 1 : c.F1),
            Jaccard = examples.Average(c => c.IsEmpty ? 1 : (double)c.Both / (c.Both + c.NumWrong)),
            MicroF1 = counts.Aggregate(
                new Counts(0, 0, 0), (sum, c) => new(sum.Both + c.Both, sum.Missed + c.Missed, sum.Wrongly + c.Wrongly)).F1,
            MacroF1 = counts.Where(c => !c.IsEmpty).Select(c => c.F1).DefaultIfEmpty(0).Average(),
            Labels = [.. counts.Select((c, l) =>
                new LabelMetrics(sets.Labels[l], c.Precision, c.Recall, c.F1, c.Both + c.Missed, Auroc(sets, l)))],
        };
    }

    private static double Auroc(LabelledSets sets, int label) => RankingMetrics.Auroc(PredictedCases.OfMostProbable(
        [.. sets.Truth.Select(y => y[label] ? 1 : 0)], [.. sets.Probabilities.Select(row => new[] { 1 - row[label], row[label] })]), 1);

    /// <summary>Decisions counted: a label that is there and predicted, missed, or predicted wrongly.</summary>
    private sealed record Counts(int Both, int Missed, int Wrongly)
    {
        public int NumWrong => Missed + Wrongly;

        public bool IsEmpty => Both + NumWrong == 0;

        public double Precision => Share(Both, Both + Wrongly);

        public double Recall => Share(Both, Both + Missed);

        public double F1 => Share(2 * Both, (2 * Both) + NumWrong);

        public static Counts Of(IEnumerable<(bool IsThere, bool IsPredicted)> decisions)
        {
            var (both, missed, wrongly) = (0, 0, 0);
            foreach (var (isThere, isPredicted) in decisions)
            {
                if (isThere && isPredicted) both++;
                else if (isThere) missed++;
                else if (isPredicted) wrongly++;
            }
            return new(both, missed, wrongly);
        }

        private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
    }
}
