using System.Text.Json.Serialization;
using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Results;

/// <summary>Metrics of one run by class and by confidence, all on the test split.</summary>
public sealed record TestMetrics
{
    /// <summary>The classes, in the data set's order; C of them.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Cases by true class (row) and predicted class (column): (C, C).</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Precision, recall and F1 of each class: (C).</summary>
    public required IReadOnlyList<ClassMetrics> Classes { get; init; }

    /// <summary>Confidence against accuracy, in bins from 0 to 1.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>
    /// Accuracy where the least confident cases are left unanswered, by rising share of answered ones; empty in evaluations made before
    /// there was one.
    /// </summary>
    public IReadOnlyList<AbstentionPoint> Abstention { get; init; } = [];

    /// <summary>Area under the risk-coverage curve: 0 is best; null in evaluations made before there was one.</summary>
    public double? Aurc { get; init; }

    /// <summary>What the temperature of the probabilities did; null for baselines and in evaluations made before there was one.</summary>
    public TemperatureMetrics? Temperature { get; init; }

    /// <summary>What the model answered in its own words; null where classes are not read from answers.</summary>
    public GeneratedAnswerMetrics? GeneratedAnswers { get; init; }

    /// <summary>Metrics label by label; null where classes are no sets of labels.</summary>
    public LabelSetMetrics? LabelSets { get; init; }

    /// <summary>Whether answers follow the rationales before them; null where none are written first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RationaleSwap? RationaleSwap { get; init; }

    /// <summary>
    /// What a user should know before relying on the predictions of a baseline, one sentence each; null where there is nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Share of the test split that is of its most frequent class: what constant guessing would reach.</summary>
    public required double MajorityShare { get; init; }

    /// <summary>
    /// McNemar's test of the predictions and the constant answer with the most frequent class of the test split; with the least certain of
    /// several most frequent ones.
    /// </summary>
    public McNemarTest AgainstMajority()
    {
        var supports = Confusion.Select(row => row.Sum()).ToList();
        var right = Confusion.Select((row, c) => row[c]).ToList();
        return Enumerable.Range(0, Confusion.Count).Where(c => supports[c] == supports.Max())
            .Select(c => McNemarTest.Of(right.Sum() - right[c], supports[c] - right[c])).MaxBy(test => test.PValue)!;
    }

    /// <summary>The metrics under the names of their classes.</summary>
    public static TestMetrics Of(IReadOnlyList<string> classNames, ClassificationMetrics metrics) => new()
    {
        ClassNames = classNames,
        Confusion = metrics.Confusion,
        Classes = metrics.PerClass,
        Reliability = metrics.Reliability,
        Abstention = metrics.Abstention,
        Aurc = metrics.Aurc,
        MajorityShare = (double)metrics.PerClass.Max(c => c.Support) / metrics.PerClass.Sum(c => c.Support),
    };
}

/// <summary>One test case as the model saw it and answered it.</summary>
/// <param name="Case">Number of the case in its data set.</param>
/// <param name="Label">The true class.</param>
/// <param name="Prediction">The predicted class.</param>
/// <param name="Probabilities">The most probable classes, highest first; at most the first five are shown.</param>
/// <param name="Prompt">The text the model was given; null for a baseline.</param>
/// <param name="Image">The image the model was given, as PNG; null for none.</param>
public sealed record TestExample(
    int Case, string Label, string Prediction, IReadOnlyList<ClassProbability> Probabilities, string? Prompt, byte[]? Image);

/// <summary>A class and its probability.</summary>
/// <param name="Label">The class.</param>
/// <param name="Probability">From 0 to 1.</param>
public sealed record ClassProbability(string Label, double Probability);
