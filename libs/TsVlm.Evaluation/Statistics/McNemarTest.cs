namespace TsVlm.Evaluation.Statistics;

/// <summary>
/// McNemar's exact test (1947) of two classifiers on the same test cases, two-sided, as Dietterich (1998) recommends for one split. Only
/// discordant cases count, those that one alone has right: where both are equally good, each is the first's with probability 1/2.
/// </summary>
/// <param name="OnlyFirst">Test cases that the first alone has right.</param>
/// <param name="OnlySecond">Test cases that the second alone has right.</param>
/// <param name="PValue">P of counts as unequal or more where both are equally good; 1 without discordant cases.</param>
public sealed record McNemarTest(int OnlyFirst, int OnlySecond, double PValue)
{
    /// <summary>Verdicts hold where P, after Holm's correction, is below this.</summary>
    public const double Level = 0.05;

    /// <summary>Tests the counts of discordant cases: twice the binomial tail of the smaller one, at most 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static McNemarTest Of(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        return new(onlyFirst, onlySecond, Math.Min(1, 2 * Binomial.LowerTail(Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond)));
    }
}
