namespace TsVlm.Evaluation.Metrics;

/// <summary>Cases whose confidence lies in one interval, confidence being the highest probability.</summary>
/// <param name="From">Lower end of the interval, itself outside except in the first bin.</param>
/// <param name="To">Upper end, itself inside.</param>
/// <param name="Count">Cases in it.</param>
/// <param name="MeanConfidence">Their mean confidence; NaN where there are none.</param>
/// <param name="Accuracy">Share of them predicted right; NaN where there are none.</param>
public sealed record ReliabilityBin(double From, double To, int Count, double MeanConfidence, double Accuracy);

/// <summary>Whether probabilities mean what they say.</summary>
public static class Calibration
{
    /// <summary>Bins of equal width.</summary>
    public const int NumBins = 15;

    /// <summary>Smallest probability in the logarithm: the default of scikit-learn's log_loss up to version 1.2.</summary>
    public const double MinProbability = 1e-15;

    /// <summary>
    /// Mean negative log-likelihood of the true class in nats, probabilities clipped to 1e-15 .. 1 - 1e-15.
    /// A method that gives only 0 and 1, such as a nearest neighbour, pays 34.5 nats for each error: its value says nothing but its error
    /// rate.
    /// </summary>
    public static double Nll(PredictedCases cases) => Enumerable.Range(0, cases.NumCases).Average(index =>
        -Math.Log(Math.Clamp(cases.Probabilities[index][cases.Truth[index]], MinProbability, 1 - MinProbability)));

    /// <summary>
    /// Expected calibration error: |accuracy - confidence| averaged over the bins by their cases (Guo et al. 2017, equation 3).
    /// </summary>
    public static double Ece(PredictedCases cases) =>
        Bins(cases).Where(bin => bin.Count > 0).Sum(bin => Math.Abs(bin.Accuracy - bin.MeanConfidence) * bin.Count / cases.NumCases);

    /// <summary>The reliability diagram: 15 bins ((m - 1) / 15, m / 15] (Guo et al. 2017, section 2).</summary>
    public static IReadOnlyList<ReliabilityBin> Bins(PredictedCases cases)
    {
        var (counts, confidences, rights) = (new int[NumBins], new double[NumBins], new int[NumBins]);
        for (var index = 0; index < cases.NumCases; index++)
        {
            var confidence = cases.Probabilities[index].Max();
            var bin = Math.Clamp((int)Math.Ceiling(confidence * NumBins) - 1, 0, NumBins - 1);
            counts[bin]++;
            confidences[bin] += confidence;
            if (cases.Predicted[index] == cases.Truth[index]) rights[bin]++;
        }
        return
        [
            .. Enumerable.Range(0, NumBins).Select(bin => new ReliabilityBin(
                (double)bin / NumBins, (bin + 1.0) / NumBins, counts[bin],
                counts[bin] == 0 ? double.NaN : confidences[bin] / counts[bin],
                counts[bin] == 0 ? double.NaN : (double)rights[bin] / counts[bin])),
        ];
    }
}
