using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace TsVlm.Evaluation.Statistics;

/// <summary>Tails and quantiles of the distributions that the tests over data sets need, to at least ten significant digits.</summary>
public static class Distributions
{
    /// <summary>P(X &gt; x) of the standard normal distribution.</summary>
    public static double NormalTail(double x) => 0.5 * SpecialFunctions.Erfc(x / Math.Sqrt(2));

    /// <summary>P(X &gt; x) of the chi-square distribution; x at least 0.</summary>
    public static double ChiSquareTail(double x, double degrees) => x <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degrees / 2, x / 2);

    /// <summary>
    /// P(X &gt; x) of the F distribution with the degrees of freedom of numerator and denominator; x at least 0, infinity allowed.
    /// </summary>
    public static double FTail(double x, double numerator, double denominator) => double.IsPositiveInfinity(x) ? 0
        : SpecialFunctions.BetaRegularized(denominator / 2, numerator / 2, denominator / (denominator + (numerator * x)));

    /// <summary>The value that Student's t stays below with the given probability, which is from 0.5 to below 1.</summary>
    public static double StudentQuantile(double probability, double degrees) => StudentT.InvCDF(0, 1, degrees, probability);
}
