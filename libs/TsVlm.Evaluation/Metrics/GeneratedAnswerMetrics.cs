namespace TsVlm.Evaluation.Metrics;

/// <summary>What a model answers without being given the answers, on a sample of test cases.</summary>
/// <param name="NumCases">Cases asked.</param>
/// <param name="NumValid">Cases whose answer is that of a class, letter for letter.</param>
/// <param name="Accuracy">Share of the cases whose answer is that of their class; an answer of no class is wrong.</param>
public sealed record GeneratedAnswerMetrics(int NumCases, int NumValid, double Accuracy);
