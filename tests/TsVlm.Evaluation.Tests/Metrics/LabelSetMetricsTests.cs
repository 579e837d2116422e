using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;

namespace TsVlm.Evaluation.Tests.Metrics;

/// <summary>Metrics of sets of labels against values computed by hand.</summary>
public class LabelSetMetricsTests
{
    private static readonly string[] Classes = ["none", "a", "a|b", "b|c"];

    /// <summary>
    /// Four cases with labels {a, b}, {}, {b, c}, {a}. Probabilities of a, b, c:
    /// case 0: 0.9, 0.6, 0.0 from (0.1, 0.3, 0.6, 0): predicted {a, b}, right;
    /// case 1: 0.2, 0.3, 0.2 from (0.6, 0.1, 0.1, 0.2): predicted {}, right;
    /// case 2: 0.8, 0.6, 0.2 from (0, 0.4, 0.4, 0.2): predicted {a, b}: a wrongly, c missed;
    /// case 3: 0.4, 0.4, 0.4 from (0.2, 0.4, 0, 0.4): predicted {}, although {a} is the most probable class (the first of equals): a
    /// missed.
    /// </summary>
    private static readonly LabelledSets Sets = new(Classes,
    [
        CasePrediction.Of(7, 2, [0.1, 0.3, 0.6, 0]),
        CasePrediction.Of(8, 0, [0.6, 0.1, 0.1, 0.2]),
        CasePrediction.Of(9, 3, [0, 0.4, 0.4, 0.2]),
        CasePrediction.Of(11, 1, [0.2, 0.4, 0, 0.4]),
    ]);

    [Fact]
    public void A_label_has_the_sum_of_the_probabilities_of_the_sets_that_hold_it_and_is_predicted_above_one_half()
    {
        Assert.Equal(["a", "b", "c"], Sets.Labels);
        double[][] expected = [[0.9, 0.6, 0], [0.2, 0.3, 0.2], [0.8, 0.6, 0.2], [0.4, 0.4, 0.4]];
        Assert.All(expected.Zip(Sets.Probabilities),
            row => Assert.All(row.First.Zip(row.Second), p => Assert.Equal(p.First, p.Second, 1e-12)));
        Assert.Equal([[true, true, false], [false, false, false], [true, true, false], [false, false, false]], Sets.Predicted);
        Assert.Equal([[true, true, false], [false, false, false], [false, true, true], [true, false, false]], Sets.Truth);
    }

    [Fact]
    public void Metrics_of_sets_are_those_computed_by_hand()
    {
        var metrics = LabelSetMetrics.Of(Sets, subsetAccuracy: 0.75);
        Assert.Equal(0.75, metrics.SubsetAccuracy);
        Assert.Equal(3.0 / 12, metrics.HammingLoss, 1e-12);
        Assert.Equal((1 + 1 + 0.5 + 0) / 4, metrics.ExampleF1, 1e-12);        // of case 2: 2 * 1 / (2 + 2)
        Assert.Equal((1 + 1 + (1 / 3.0) + 0) / 4, metrics.Jaccard, 1e-12);    // of case 2: {b} of {a, b, c}
        Assert.Equal(2 * 3 / (6.0 + 3), metrics.MicroF1, 1e-12);              // three right, three wrong
        Assert.Equal((0.5 + 1 + 0) / 3, metrics.MacroF1, 1e-12);
    }

    [Fact]
    public void Metrics_of_each_label_are_those_computed_by_hand()
    {
        var labels = LabelSetMetrics.Of(Sets, subsetAccuracy: 0.75).Labels;
        Assert.Equal(new LabelMetrics("a", 0.5, 0.5, 0.5, 2, 0.75), labels[0]);   // 0.9 and 0.4 against 0.2 and 0.8: three of four pairs
        Assert.Equal(new LabelMetrics("b", 1, 1, 1, 2, 1), labels[1]);
        Assert.Equal(("c", 0.0, 0.0, 0.0, 1), (labels[2].Label, labels[2].Precision, labels[2].Recall, labels[2].F1, labels[2].Support));
        Assert.Equal(1.5 / 3, labels[2].Auroc, 1e-12);                            // 0.2 against 0, 0.2 and 0.4: one above, one level
    }

    [Fact]
    public void Cases_without_labels_that_get_none_are_right()
    {
        var metrics = LabelSetMetrics.Of(new(["a", "none"], [CasePrediction.Of(0, 1, [0.1, 0.9])]), subsetAccuracy: 1);
        Assert.Equal((0, 1, 1), (metrics.HammingLoss, metrics.ExampleF1, metrics.Jaccard));
        Assert.Equal((0, 0), (metrics.MicroF1, metrics.MacroF1));
        Assert.True(double.IsNaN(Assert.Single(metrics.Labels).Auroc));
    }

    [Fact]
    public void The_table_of_labels_has_a_row_a_case()
    {
        var output = new StringWriter();
        LabelsCsv.Write(output, Sets);
        Assert.Equal(
            "index,labels,prediction,probability_a,probability_b,probability_c\n7,a|b,a|b,0.9,0.6,0\n8,none,none,0.2,0.3,0.2\n9,b|c,a|b,0.8,0.6,0.2\n11,a,none,0.4,0.4,0.4\n",
            output.ToString());
    }
}
