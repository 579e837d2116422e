using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Tests.Metrics;

public sealed class CalibrationTests
{
    [Fact]
    public void The_calibration_error_of_a_small_example_is_that_worked_out_by_hand()
    {
        // Confidence .62 and .64 fall into (9/15, 10/15]: mean .63, one of two right. .9 into (13/15, 14/15], right. .95 into the last,
        // wrong.
        var cases = PredictedCases.OfMostProbable([0, 1, 0, 1], [[0.62, 0.38], [0.64, 0.36], [0.9, 0.1], [0.95, 0.05]]);
        Assert.Equal((2 * 0.13 + 0.1 + 0.95) / 4, Calibration.Ece(cases), 12);
        var bins = Calibration.Bins(cases);
        Assert.Equal(15, bins.Count);
        Assert.Equal((2, 0.5), (bins[9].Count, bins[9].Accuracy));
        Assert.Equal(0.63, bins[9].MeanConfidence, 12);
        Assert.Equal((1, 1), (bins[13].Count, bins[14].Count));
        Assert.Equal(4, bins.Sum(bin => bin.Count));
    }

    [Fact]
    public void An_empty_bin_has_no_mean()
    {
        var bins = Calibration.Bins(PredictedCases.OfMostProbable([0], [[1, 0]]));
        Assert.Equal(new ReliabilityBin(0, 1 / 15.0, 0, double.NaN, double.NaN), bins[0]);
        Assert.Equal(new ReliabilityBin(14 / 15.0, 1, 1, 1, 1), bins[^1]);
    }

    [Fact]
    public void A_sure_and_wrong_prediction_costs_what_the_clipping_leaves()
    {
        var cases = PredictedCases.OfMostProbable([0, 1], [[0, 1], [0, 1]]);
        Assert.Equal(-Math.Log(1e-15) / 2, Calibration.Nll(cases), 12);
    }

    [Fact]
    public void The_lowest_of_equally_probable_classes_is_predicted() =>
        Assert.Equal([1, 0], PredictedCases.OfMostProbable([0, 0], [[0.2, 0.4, 0.4], [1 / 3.0, 1 / 3.0, 1 / 3.0]]).Predicted);

    [Fact]
    public void Input_that_is_no_prediction_is_refused_with_its_place()
    {
        Assert.Contains("3 true classes, 2 predictions", Refused([0, 1, 0], [0, 1], [[1, 0], [0, 1]]));
        Assert.Contains("Case 1: expected classes 0 to 1", Refused([0, 2], [0, 1], [[1, 0], [0, 1]]));
        Assert.Contains("Case 1: expected 2 probabilities", Refused([0, 1], [0, 1], [[1, 0], [0, 0.5, 0.5]]));
        Assert.Contains("Case 0: expected probabilities that sum to 1", Refused([0], [0], [[0.5, 0.4]]));
        Assert.Contains("Case 0: expected probabilities that sum to 1", Refused([0], [0], [[double.NaN, 1]]));
        Refused([], [], []);
    }

    private static string Refused(int[] truth, int[] predicted, double[][] probabilities) =>
        Assert.Throws<ArgumentException>(() => new PredictedCases(truth, predicted, probabilities)).Message;
}
