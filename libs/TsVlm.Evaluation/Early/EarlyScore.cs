namespace TsVlm.Evaluation.Early;

/// <summary>How well series are classified before they are whole.</summary>
/// <param name="Accuracy">Share of cases that are predicted right.</param>
/// <param name="Earliness">Mean share of a series that was seen before it was answered: 1 is all of it, and low is early.</param>
public sealed record EarlyScore(double Accuracy, double Earliness)
{
    /// <summary>Harmonic mean of accuracy and of 1 - earliness (Schäfer and Leser 2020, section 2).</summary>
    public double HarmonicMean => Accuracy + (1 - Earliness) is var sum && sum > 0 ? 2 * Accuracy * (1 - Earliness) / sum : 0;

    /// <summary>The score of answers.</summary>
    /// <param name="answers">The answers, at least one.</param>
    /// <param name="classes">The class of each case.</param>
    public static EarlyScore Of(IReadOnlyList<EarlyAnswer> answers, IReadOnlyList<int> classes) =>
        new((double)answers.Zip(classes).Count(pair => pair.First.Class == pair.Second) / answers.Count, answers.Average(answer => answer.Share));
}

/// <summary>An answer before a series was whole.</summary>
/// <param name="Class">The predicted class.</param>
/// <param name="Prefix">Number of the prefix that it was given at.</param>
/// <param name="Share">Share of the series that was seen.</param>
public sealed record EarlyAnswer(int Class, int Prefix, double Share);
