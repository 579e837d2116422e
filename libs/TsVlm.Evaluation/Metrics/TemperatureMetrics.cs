using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.Evaluation.Metrics;

/// <summary>
/// What the temperature did to the probabilities of the test cases; accuracy and every other metric of the order of classes stay.
/// </summary>
/// <param name="Temperature">What the scores were divided by: fitted on validation cases; 1 is nothing.</param>
/// <param name="NumValidation">Validation cases that it was fitted on; where it was not, those that there were.</param>
/// <param name="NotFitted">Why it is 1 without a fit; null where it was fitted.</param>
/// <param name="NllBefore">Mean negative log-likelihood without it.</param>
/// <param name="EceBefore">Expected calibration error without it.</param>
/// <param name="Nll">Mean negative log-likelihood with it, as in the result.</param>
/// <param name="Ece">Expected calibration error with it, as in the result.</param>
public sealed record TemperatureMetrics(double Temperature, int NumValidation, string? NotFitted, double NllBefore, double EceBefore,
    double Nll, double Ece)
{
    /// <summary>The metrics.</summary>
    /// <param name="scaling">The checkpoint's temperature.</param>
    /// <param name="predictions">Predictions with it.</param>
    /// <param name="scores">Scores of the classes before it (cases, classes).</param>
    public static TemperatureMetrics Of(TemperatureScaling scaling, IReadOnlyList<CasePrediction> predictions,
        IReadOnlyList<double[]> scores)
    {
        var (before, after) = (Cases(i => TemperatureScaling.Probabilities(scores[i])), Cases(i => predictions[i].Probabilities.ToArray()));
        return new(scaling.Temperature, scaling.NumCases, scaling.NotFitted, Calibration.Nll(before), Calibration.Ece(before),
            Calibration.Nll(after), Calibration.Ece(after));

        PredictedCases Cases(Func<int, double[]> probabilities) => new(
            [.. predictions.Select(p => p.Label)], [.. predictions.Select(p => p.Predicted)], [.. Enumerable.Range(0, predictions.Count)
            .Select(probabilities)]);
    }
}
