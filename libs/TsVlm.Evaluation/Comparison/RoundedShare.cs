namespace TsVlm.Evaluation.Comparison;

/// <summary>Shares of test cases that were written with few decimals.</summary>
internal static class RoundedShare
{
    /// <summary>
    /// The share of whole test cases that was rounded to the one given; the one given where it is no whole number of cases, such as a mean
    /// of runs, or its decimals do not tell the cases apart.
    /// </summary>
    public static double Exact(double share, int numDecimals, int numCases)
    {
        var unit = Math.Pow(10, -numDecimals);
        var exact = Math.Round(share * numCases) / numCases;
        return unit * numCases <= 1 && Math.Abs(exact - share) <= 0.5000001 * unit ? exact : share;
    }
}
