namespace TsVlm.Evaluation.Metrics;

/// <summary>Metrics of one class.</summary>
/// <param name="Class">Position among the classes.</param>
/// <param name="Precision">Share of the cases taken for the class that are of it.</param>
/// <param name="Recall">Share of the cases of the class that were taken for it.</param>
/// <param name="F1">Harmonic mean of precision and recall.</param>
/// <param name="Support">Cases of the class.</param>
/// <param name="Auroc">Area under the ROC curve against the rest; NaN where it is not defined.</param>
public sealed record ClassMetrics(int Class, double Precision, double Recall, double F1, int Support, double Auroc);

/// <summary>All that is reported of the predictions on a test split.</summary>
public sealed record ClassificationMetrics
{
    /// <summary>Share of cases predicted right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean recall over the classes that occur in the test split.</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>Unweighted mean of F1 over the classes that occur in truth or prediction.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Area under the ROC curve, one against the rest, unweighted mean; NaN where it is not defined.</summary>
    public required double Auroc { get; init; }

    /// <summary>Mean negative log-likelihood of the true class, in nats.</summary>
    public required double Nll { get; init; }

    /// <summary>Expected calibration error over 15 equal bins of confidence.</summary>
    public required double Ece { get; init; }

    /// <summary>Counts (true class, predicted class).</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Metrics of each class.</summary>
    public required IReadOnlyList<ClassMetrics> PerClass { get; init; }

    /// <summary>The reliability diagram.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>Accuracy by the share of cases that are answered; see <see cref="TsVlm.Evaluation.Metrics.Abstention.Curve"/>.</summary>
    public required IReadOnlyList<AbstentionPoint> Abstention { get; init; }

    /// <summary>Area under the risk-coverage curve; see <see cref="TsVlm.Evaluation.Metrics.Abstention.Aurc"/>.</summary>
    public required double Aurc { get; init; }

    /// <summary>Computes every metric.</summary>
    public static ClassificationMetrics Compute(PredictedCases cases)
    {
        var confusion = new ConfusionMatrix(cases);
        return new()
        {
            Accuracy = confusion.Accuracy,
            BalancedAccuracy = confusion.BalancedAccuracy,
            MacroF1 = confusion.MacroF1,
            Auroc = RankingMetrics.MacroAuroc(cases),
            Nll = Calibration.Nll(cases),
            Ece = Calibration.Ece(cases),
            Confusion = confusion.Counts,
            PerClass =
            [
                .. Enumerable.Range(0, cases.NumClasses).Select(c => new ClassMetrics(
                    c, confusion.Precision(c), confusion.Recall(c), confusion.F1(c), confusion.Support(c), RankingMetrics.Auroc(cases, c))),
            ],
            Reliability = Calibration.Bins(cases),
            Abstention = TsVlm.Evaluation.Metrics.Abstention.Curve(cases),
            Aurc = TsVlm.Evaluation.Metrics.Abstention.Aurc(cases),
        };
    }
}
