namespace TsVlm.Data;

/// <summary>Case numbers of a data set by their use; every case is in at most one.</summary>
/// <param name="Train">Cases the model learns from.</param>
/// <param name="Validation">Cases of the training part that choose the best checkpoint; may be empty where classes are too rare.</param>
/// <param name="Test">Cases the metrics are computed on.</param>
/// <param name="Warnings">What the split could not honour, such as a class too rare to be in every part.</param>
public sealed record DatasetSplit(
    IReadOnlyList<int> Train, IReadOnlyList<int> Validation, IReadOnlyList<int> Test, IReadOnlyList<string> Warnings);
