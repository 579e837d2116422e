namespace TsVlm.Evaluation.Early;

/// <summary>
/// A one-class support vector machine (Schölkopf et al. 2001) with the kernel exp(-gamma |x - y|^2): whether a point is like those that it
/// was fitted on. At most a share nu of these is outside. Solved by sequential minimal optimisation with the most violating pair, in the
/// scaling of LIBSVM (Chang and Lin 2011, section 4.1): coefficients from 0 to 1 that sum to nu times the number of points.
/// </summary>
/// <remarks>Shapes: N points, D numbers of a point.</remarks>
public sealed class OneClassSvm
{
    /// <summary>How exactly the optimum is reached, as in the published code of TEASER.</summary>
    public const double Tolerance = 1e-4;

    private const double LeastCurvature = 1e-12;
    private readonly IReadOnlyList<double[]> points;
    private readonly double[] coefficients;   // (N)
    private readonly double gamma;

    private OneClassSvm(IReadOnlyList<double[]> points, double[] coefficients, double gamma, double offset)
    {
        (this.points, this.coefficients, this.gamma) = (points, coefficients, gamma);
        Offset = offset;
    }

    /// <summary>Coefficient of each point (N), from 0 to 1.</summary>
    public IReadOnlyList<double> Coefficients => coefficients;

    /// <summary>What is subtracted from the weighted sum of kernels.</summary>
    public double Offset { get; }

    /// <summary>Fits it.</summary>
    /// <param name="points">Points (N, D), at least one.</param>
    /// <param name="gamma">Above 0; the larger, the closer the boundary is to the points.</param>
    /// <param name="nu">Above 0, at most 1.</param>
    public static OneClassSvm Fit(IReadOnlyList<double[]> points, double gamma, double nu)
    {
        var kernel = points.Select(x => points.Select(y => Kernel(x, y, gamma)).ToArray()).ToArray();        // (N, N)
        var coefficients = Start(points.Count, nu);
        var gradient = kernel.Select(row => Dot(row, coefficients)).ToArray();                                // (N)
        while (true)
        {
            // The point that gains most by a larger coefficient, and the one that gains most by a smaller one.
            var (up, down) = (-1, -1);
            for (var i = 0; i < gradient.Length; i++)
            {
                if (coefficients[i] < 1 && (up < 0 || gradient[i] < gradient[up])) up = i;
                if (coefficients[i] > 0 && (down < 0 || gradient[i] > gradient[down])) down = i;
            }
            if (up < 0 || down < 0 || gradient[down] - gradient[up] < Tolerance) break;
            var curvature = Math.Max(kernel[up][up] + kernel[down][down] - (2 * kernel[up][down]), LeastCurvature);
            var room = Math.Min(1 - coefficients[up], coefficients[down]);
            var step = Math.Min((gradient[down] - gradient[up]) / curvature, room);
            // To the bounds themselves, not to what rounding leaves of them.
            var (fills, empties) = (step >= 1 - coefficients[up], step >= coefficients[down]);
            coefficients[up] = fills ? 1 : coefficients[up] + step;
            coefficients[down] = empties ? 0 : coefficients[down] - step;
            for (var i = 0; i < gradient.Length; i++) gradient[i] += step * (kernel[up][i] - kernel[down][i]);
        }
        return new(points, coefficients, gamma, OffsetOf(coefficients, gradient));
    }

    /// <summary>Above 0 inside, below 0 outside.</summary>
    public double Decide(double[] point)
    {
        var sum = -Offset;
        for (var i = 0; i < coefficients.Length; i++)
            if (coefficients[i] > 0) sum += coefficients[i] * Kernel(points[i], point, gamma);
        return sum;
    }

    /// <summary>Whether a point is inside or, as exactly as the optimum is known, on the boundary.</summary>
    public bool Accepts(double[] point) => Decide(point) >= -Tolerance;

    private static double[] Start(int count, double nu)
    {
        var coefficients = new double[count];
        var left = nu * count;
        for (var i = 0; i < count && left > 0; i++, left--) coefficients[i] = Math.Min(1, left);
        return coefficients;
    }

    /// <summary>The gradient at points on the boundary: the mean of those that are neither 0 nor 1, else halfway between these.</summary>
    private static double OffsetOf(double[] coefficients, double[] gradient)
    {
        var (sum, free, least, most) = (0.0, 0, double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < gradient.Length; i++)
        {
            if (coefficients[i] >= 1) most = Math.Max(most, gradient[i]);
            else if (coefficients[i] <= 0) least = Math.Min(least, gradient[i]);
            else (sum, free) = (sum + gradient[i], free + 1);
        }
        return free > 0 ? sum / free : double.IsInfinity(least) ? most : (least + most) / 2;
    }

    private static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    private static double Kernel(double[] x, double[] y, double gamma)
    {
        var sum = 0.0;
        for (var d = 0; d < x.Length; d++) sum += (x[d] - y[d]) * (x[d] - y[d]);
        return Math.Exp(-gamma * sum);
    }
}
