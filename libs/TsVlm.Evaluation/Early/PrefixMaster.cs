namespace TsVlm.Evaluation.Early;

/// <summary>
/// Whether a prediction from a prefix may be trusted: a one-class SVM on the probabilities of right predictions and the difference of their
/// two highest (Schäfer and Leser 2020, section 3). Its kernel's gamma is the one of TEASER's published choices with which most
/// right predictions are accepted that had no part in the fit.
/// </summary>
public sealed class PrefixMaster
{
    private const double Nu = 0.05;
    private const int MaxFolds = 10;
    private static readonly double[] Gammas = [100, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1.5, 1];
    private readonly OneClassSvm? svm;

    private PrefixMaster(OneClassSvm? svm, double gamma)
    {
        this.svm = svm;
        Gamma = gamma;
    }

    /// <summary>The kernel's gamma; NaN where too few predictions were right and none is accepted.</summary>
    public double Gamma { get; }

    /// <summary>Fits it.</summary>
    /// <param name="probabilities">Probabilities (cases, classes) of the training cases that were predicted right.</param>
    public static PrefixMaster Fit(IReadOnlyList<double[]> probabilities)
    {
        if (probabilities.Count < 2) return new(null, double.NaN);
        double[][] points = [.. probabilities.Select(Point)];
        var best = Gammas.MaxBy(gamma => NumAccepted(points, gamma));   // the first of equals
        return new(OneClassSvm.Fit(points, best, Nu), best);
    }

    /// <summary>Whether a prediction with these probabilities of the classes is trusted.</summary>
    public bool Accepts(double[] probabilities) => svm?.Accepts(Point(probabilities)) ?? false;

    /// <summary>How many points are accepted by fits without their fold.</summary>
    private static int NumAccepted(double[][] points, double gamma)
    {
        var numFolds = Math.Min(MaxFolds, points.Length);
        return Enumerable.Range(0, numFolds).Sum(fold =>
        {
            var svm = OneClassSvm.Fit([.. points.Where((_, i) => i % numFolds != fold)], gamma, Nu);
            return points.Where((_, i) => i % numFolds == fold).Count(svm.Accepts);
        });
    }

    private static double[] Point(double[] probabilities)
    {
        var highest = probabilities.OrderDescending().Take(2).ToArray();
        return [.. probabilities, highest.Length > 1 ? highest[0] - highest[1] : 1];
    }
}
