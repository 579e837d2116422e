namespace TsVlm.Evaluation.Statistics;

/// <summary>
/// Tails and quantiles of the distributions that the tests over data sets need, to at least ten significant digits.
/// Series and continued fractions of the incomplete gamma and beta functions as in Press et al., Numerical Recipes (2007), sections 6.2 and
/// 6.4.
/// </summary>
public static class Distributions
{
    private const double Precision = 1e-15;
    private const double Tiny = 1e-300;
    private const int MaxTerms = 100_000;

    /// <summary>P(X &gt; x) of the standard normal distribution.</summary>
    public static double NormalTail(double x) => x < 0 ? 1 - NormalTail(-x) : 0.5 * UpperGamma(0.5, x * x / 2);

    /// <summary>P(X &gt; x) of the chi-square distribution; x at least 0.</summary>
    public static double ChiSquareTail(double x, double degrees) => UpperGamma(degrees / 2, x / 2);

    /// <summary>
    /// P(X &gt; x) of the F distribution with the degrees of freedom of numerator and denominator; x at least 0, infinity allowed.
    /// </summary>
    public static double FTail(double x, double numerator, double denominator) =>
        double.IsPositiveInfinity(x) ? 0 : Beta(denominator / (denominator + (numerator * x)), denominator / 2, numerator / 2);

    /// <summary>The value that Student's t stays below with the given probability, which is from 0.5 to below 1.</summary>
    public static double StudentQuantile(double probability, double degrees)
    {
        // P(|T| > t) = I(degrees / (degrees + t^2); degrees / 2, 1 / 2); bisection, since it falls monotonically.
        var (low, high) = (0.0, 1.0);
        while (Tail(high) > 1 - probability) high *= 2;
        for (var i = 0; i < 200 && high - low > Precision * high; i++)
        {
            var middle = (low + high) / 2;
            if (Tail(middle) > 1 - probability) low = middle;
            else high = middle;
        }
        return (low + high) / 2;

        double Tail(double t) => 0.5 * Beta(degrees / (degrees + (t * t)), degrees / 2, 0.5);
    }

    /// <summary>The regularised upper incomplete gamma function Q(a, x).</summary>
    private static double UpperGamma(double a, double x)
    {
        if (x <= 0) return 1;
        var scale = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            var (term, sum) = (1 / a, 1 / a);
            for (var n = 1; n < MaxTerms && term > sum * Precision; n++) sum += term *= x / (a + n);
            return 1 - (sum * scale);
        }
        var b = x + 1 - a;
        var (c, d) = (1 / Tiny, 1 / b);
        var fraction = d;
        for (var n = 1; n < MaxTerms; n++)
        {
            var factor = -n * (n - a);
            b += 2;
            d = 1 / NotZero((factor * d) + b);
            c = NotZero(b + (factor / c));
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < Precision) break;
        }
        return scale * fraction;
    }

    /// <summary>The regularised incomplete beta function I(x; a, b).</summary>
    private static double Beta(double x, double a, double b)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        var scale = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? scale * BetaFraction(x, a, b) / a : 1 - (scale * BetaFraction(1 - x, b, a) / b);
    }

    private static double BetaFraction(double x, double a, double b)
    {
        var (c, d) = (1.0, 1 / NotZero(1 - ((a + b) * x / (a + 1))));
        var fraction = d;
        for (var n = 1; n < MaxTerms; n++)
        {
            Step(n * (b - n) * x / ((a + (2 * n) - 1) * (a + (2 * n))));
            Step(-(a + n) * (a + b + n) * x / ((a + (2 * n)) * (a + (2 * n) + 1)));
            if (Math.Abs((d * c) - 1) < Precision) break;
        }
        return fraction;

        void Step(double factor)
        {
            d = 1 / NotZero(1 + (factor * d));
            c = NotZero(1 + (factor / c));
            fraction *= d * c;
        }
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    /// <summary>ln Γ(x) of x above 0, after Lanczos (1964) with g = 7 and nine terms.</summary>
    private static double LogGamma(double x)
    {
        ReadOnlySpan<double> terms =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        var sum = terms[0];
        for (var i = 1; i < terms.Length; i++) sum += terms[i] / (x - 1 + i);
        var shifted = x + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(shifted)) - shifted + Math.Log(sum);
    }
}
