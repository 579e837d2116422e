using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Tests.Metrics;

public sealed class ClassificationMetricsTests
{
    [Fact]
    public void Macro_F1_equals_the_example_of_scikit_learns_documentation()
    {
        // sklearn.metrics.f1_score: y_true = [0, 1, 2, 0, 1, 2], y_pred = [0, 2, 1, 0, 0, 1], average='macro' -> 0.267.
        var metrics = Compute([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], numClasses: 3);
        Assert.Equal(4 / 15.0, metrics.MacroF1, 12);
        Assert.Equal([0.8, 0, 0], metrics.PerClass.Select(c => Math.Round(c.F1, 12)));
        // sklearn.metrics.precision_score on the same lists, average=None -> array([0.66..., 0., 0.]).
        Assert.Equal(2 / 3.0, metrics.PerClass[0].Precision, 12);
        Assert.Equal(1, metrics.PerClass[0].Recall);
    }

    [Fact]
    public void Balanced_accuracy_equals_the_example_of_scikit_learns_documentation()
    {
        // sklearn.metrics.balanced_accuracy_score: y_true = [0, 1, 0, 0, 1, 0], y_pred = [0, 1, 0, 0, 0, 1] -> 0.625.
        var metrics = Compute([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1], numClasses: 2);
        Assert.Equal(0.625, metrics.BalancedAccuracy);
        Assert.Equal(4 / 6.0, metrics.Accuracy);
    }

    [Fact]
    public void The_confusion_matrix_equals_the_example_of_scikit_learns_documentation()
    {
        // sklearn.metrics.confusion_matrix: y_true = [2, 0, 2, 2, 0, 1], y_pred = [0, 0, 2, 2, 0, 2].
        var metrics = Compute([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2], numClasses: 3);
        Assert.Equal([[2, 0, 0], [0, 0, 1], [1, 0, 2]], metrics.Confusion);
        Assert.Equal([2, 1, 3], metrics.PerClass.Select(c => c.Support));
    }

    [Fact]
    public void The_area_under_the_ROC_curve_equals_the_example_of_scikit_learns_documentation()
    {
        // sklearn.metrics.roc_auc_score: y_true = [0, 0, 1, 1], y_score = [0.1, 0.4, 0.35, 0.8] -> 0.75.
        var metrics = ClassificationMetrics.Compute(
            PredictedCases.OfMostProbable([0, 0, 1, 1], [[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]]));
        Assert.Equal(0.75, metrics.Auroc);
        Assert.All(metrics.PerClass, c => Assert.Equal(0.75, c.Auroc));
    }

    [Fact]
    public void The_log_likelihood_equals_the_example_of_scikit_learns_documentation()
    {
        // sklearn.metrics.log_loss: ["spam", "ham", "ham", "spam"], [[.1, .9], [.9, .1], [.8, .2], [.35, .65]] -> 0.21616...
        var cases = PredictedCases.OfMostProbable([1, 0, 0, 1], [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]]);
        Assert.Equal(0.21616187468057912, Calibration.Nll(cases), 12);
    }

    [Fact]
    public void A_case_level_with_another_counts_half_in_the_area()
    {
        // Positives .5 .9 against negatives .5 .1: of four pairs three are in order and one is level.
        var cases = PredictedCases.OfMostProbable([1, 1, 0, 0], [[0.5, 0.5], [0.1, 0.9], [0.5, 0.5], [0.9, 0.1]]);
        Assert.Equal(3.5 / 4, RankingMetrics.Auroc(cases, 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Perfect_predictions_have_perfect_metrics(int numClasses)
    {
        int[] truth = [.. Enumerable.Range(0, 5 * numClasses).Select(index => index % numClasses)];
        var metrics = Compute(truth, truth, numClasses);
        Assert.Equal((1, 1, 1, 1), (metrics.Accuracy, metrics.BalancedAccuracy, metrics.MacroF1, metrics.Auroc));
        Assert.Equal(0, metrics.Ece);
        Assert.Equal(0, metrics.Nll, 12);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void A_constant_prediction_is_at_chance_however_unbalanced_the_classes(int numClasses)
    {
        int[] truth = [.. Enumerable.Range(0, numClasses).SelectMany(c => Enumerable.Repeat(c, 1 + c * c))];
        var metrics = Compute(truth, [.. truth.Select(_ => numClasses - 1)], numClasses);
        Assert.Equal(1.0 / numClasses, metrics.BalancedAccuracy, 12);
        Assert.Equal(0.5, metrics.Auroc);
        Assert.Equal(1 - metrics.Accuracy, metrics.Ece, 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_order_of_classes_and_of_cases_changes_nothing(int seed)
    {
        var random = new Random(seed);
        var (numCases, numClasses) = (40, 5);
        int[] truth = [.. Enumerable.Range(0, numCases).Select(_ => random.Next(numClasses))];
        double[][] rows = [.. Enumerable.Range(0, numCases).Select(_ => Row(random, numClasses))];
        int[] newClass = [.. Enumerable.Range(0, numClasses)], order = [.. Enumerable.Range(0, numCases)];
        random.Shuffle(newClass);
        random.Shuffle(order);
        var before = ClassificationMetrics.Compute(PredictedCases.OfMostProbable(truth, rows));
        var after = ClassificationMetrics.Compute(PredictedCases.OfMostProbable(
            [.. order.Select(index => newClass[truth[index]])],
            [.. order.Select(index => Enumerable.Range(0, numClasses).Select(c => rows[index][Array.IndexOf(newClass, c)]).ToArray())]));
        Assert.Equal(Scalars(before), Scalars(after), (a, b) => Math.Abs(a - b) < 1e-12);
        for (var c = 0; c < numClasses; c++) Assert.Equal(before.PerClass[c] with { Class = newClass[c] }, after.PerClass[newClass[c]]);
    }

    [Fact]
    public void With_one_class_in_the_test_split_the_area_is_not_defined_and_the_rest_is()
    {
        var metrics = Compute([1, 1, 1, 1], [1, 1, 0, 1], numClasses: 3);
        Assert.Equal(double.NaN, metrics.Auroc);
        Assert.Equal((0.75, 0.75), (metrics.Accuracy, metrics.BalancedAccuracy));
        // F1 of class 0 is 0 and of class 1 is 6/7; class 2 occurs nowhere.
        Assert.Equal(3 / 7.0, metrics.MacroF1, 12);
    }

    [Fact]
    public void A_class_absent_from_the_test_split_counts_in_no_mean()
    {
        var metrics = Compute([0, 0, 2, 2], [0, 2, 2, 2], numClasses: 3);
        Assert.Equal(0.75, metrics.BalancedAccuracy);
        Assert.Equal((2 / 3.0 + 0.8) / 2, metrics.MacroF1, 12);
        Assert.Equal(0.75, metrics.Auroc);
        Assert.Equal(new ClassMetrics(1, 0, 0, 0, 0, double.NaN), metrics.PerClass[1]);
    }

    [Fact]
    public void A_single_case_has_metrics()
    {
        var metrics = ClassificationMetrics.Compute(PredictedCases.OfMostProbable([1], [[0.25, 0.75]]));
        Assert.Equal((1, 1, 1), (metrics.Accuracy, metrics.BalancedAccuracy, metrics.MacroF1));
        Assert.Equal(0.25, metrics.Ece);
        Assert.Equal(-Math.Log(0.75), metrics.Nll, 12);
        Assert.Equal(double.NaN, metrics.Auroc);
    }

    private static double[] Row(Random random, int numClasses)
    {
        var row = Enumerable.Range(0, numClasses).Select(_ => random.NextDouble()).ToArray();
        return [.. row.Select(value => value / row.Sum())];
    }

    private static double[] Scalars(ClassificationMetrics metrics) =>
        [metrics.Accuracy, metrics.BalancedAccuracy, metrics.MacroF1, metrics.Auroc, metrics.Nll, metrics.Ece];

    /// <summary>Metrics of predictions made with full confidence.</summary>
    private static ClassificationMetrics Compute(int[] truth, int[] predicted, int numClasses) =>
        ClassificationMetrics.Compute(PredictedCases.OfMostProbable(truth, [.. predicted.Select(c =>
        {
            var row = new double[numClasses];
            row[c] = 1;
            return row;
        })]));
}
