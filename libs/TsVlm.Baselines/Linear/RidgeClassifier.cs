using TorchSharp;
using static TorchSharp.torch;

namespace TsVlm.Baselines.Linear;

/// <summary>
/// Ridge regression as a classifier: one target a class, 1 for its cases and -1 for the others; features centred and scaled to unit length
/// over the training cases, as the authors of ROCKET and MiniRocket do; lambda of least squared leave-one-out error. Probabilities are the
/// softmax of the decision values at the temperature of least cross-entropy of the leave-one-out decisions.
/// </summary>
public sealed class RidgeClassifier
{
    // A column whose deviations are this small beside its values is constant but for rounding: features are float32, and the last digits of
    // equal ones depend on what they were computed with.
    private const double ConstantColumn = 1e-6;

    // Errors that differ by this share only differ by rounding.
    internal const double EqualErrors = 1e-10;

    private readonly double[] weights, intercepts;

    private RidgeClassifier(double[] weights, double[] intercepts, double lambda, IReadOnlyList<double> shares, double[][] leaveOneOut,
        double inverseTemperature)
    {
        Shares = shares;
        this.weights = weights;
        this.intercepts = intercepts;
        Lambda = lambda;
        LeaveOneOut = leaveOneOut;
        InverseTemperature = inverseTemperature;
    }

    /// <summary>The lambdas to choose from: ten from 0.001 to 1,000, evenly in their logarithm.</summary>
    public static IReadOnlyList<double> Lambdas { get; } = [.. Enumerable.Range(0, 10).Select(i => Math.Pow(10, -3 + i * 6 / 9.0))];

    /// <summary>Weights of the features as they come, (features, classes) row by row.</summary>
    public double[] Weights => [.. weights];

    /// <summary>What is added for each class.</summary>
    public double[] Intercepts => [.. intercepts];

    /// <summary>The lambda of least squared leave-one-out error, the lowest of equals.</summary>
    public double Lambda { get; }

    /// <summary>Share of each part of the features; a single 1 where there are no parts.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>Decision values (training cases, classes) of each training case by a fit without it.</summary>
    public IReadOnlyList<double[]> LeaveOneOut { get; }

    /// <summary>Factor of the decision values before the softmax.</summary>
    public double InverseTemperature { get; }

    /// <summary>Fits in double precision, by the smaller of cases and features: time of that cubed.</summary>
    /// <param name="features">Finite features (training cases, features), all of one length, at least one case.</param>
    /// <param name="classes">Class of each case, from 0.</param>
    /// <param name="numClasses">Number of classes; those without a case are never predicted.</param>
    /// <param name="parts">Kinds of features whose shares are to be chosen; null for one kind.</param>
    /// <param name="cancellationToken">Stops between two lambdas.</param>
    /// <exception cref="ArgumentException">No case, or cases, lengths, parts or classes that do not match.</exception>
    public static RidgeClassifier Fit(IReadOnlyList<float[]> features, IReadOnlyList<int> classes, int numClasses,
        FeatureParts? parts = null, CancellationToken cancellationToken = default)
    {
        Check(features, classes, numClasses);
        parts?.Check(features[0].Length);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var matrix = Matrix(features);                                                                       // (N, P)
        var means = matrix.mean([0]);
        var centred = matrix - means;
        var lengths = centred.norm(0, false, 2);
        using Scalar limit = ConstantColumn, infinity = double.PositiveInfinity, one = 1.0, two = 2.0;   // held (decision 9)
        var isConstant = lengths <= limit * matrix.norm(0, false, 2);
        var scales = lengths.masked_fill(isConstant, infinity);                                               // (P)
        centred.div_(scales);
        matrix.Dispose();

        var targets = nn.functional.one_hot(tensor(classes.Select(c => (long)c).ToArray()), numClasses).to(ScalarType.Float64) * two - one;
        var targetMeans = targets.mean([0]);                                                                 // (K)
        IReadOnlyList<double> shares = [1.0];
        if (parts is not null)
        {
            shares = PartShares.Choose(parts, centred, targets - targetMeans, cancellationToken);
            var factors = PartShares.Factors(parts, shares, centred);                                        // (P)
            centred.mul_(factors);
            scales.div_(factors);
        }
        var path = new RidgePath(centred, targets - targetMeans);

        // A single case cannot be left out: nothing is known of it then, which is the decision value 0.
        var (lambda, residuals, leastError) = (Lambdas[0], targets, double.PositiveInfinity);
        foreach (var candidate in features.Count > 1 ? Lambdas : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = path.LeaveOneOutResiduals(candidate);
            var error = (left * left).mean().data<double>()[0];
            if (error < leastError * (1 - EqualErrors)) (lambda, residuals, leastError) = (candidate, left, error);
        }
        var leaveOneOut = Rows(targets - residuals);
        var weights = path.Weights(lambda) / scales.unsqueeze(1);                                            // (P, K)
        var intercepts = targetMeans - means.unsqueeze(0).mm(weights).squeeze(0);
        return new(weights.data<double>().ToArray(), intercepts.data<double>().ToArray(), lambda, shares, leaveOneOut,
            SoftmaxTemperature.FitInverse(leaveOneOut, classes));
    }

    /// <summary>Decision values (cases, classes).</summary>
    /// <exception cref="ArgumentException">A case has another number of features than the training cases.</exception>
    public IReadOnlyList<double[]> Decide(IReadOnlyList<float[]> features)
    {
        var (numClasses, numFeatures) = (intercepts.Length, weights.Length / intercepts.Length);
        if (features.FirstOrDefault(row => row.Length != numFeatures) is { } odd)
            throw new ArgumentException($"Expected {numFeatures} features as in training, found {odd.Length}.", nameof(features));
        if (features.Count == 0) return [];
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Rows(Matrix(features).mm(tensor(weights, [numFeatures, numClasses])) + tensor(intercepts));
    }

    /// <summary>
    /// Probabilities of the classes by the decision values of one case; the most probable class is <see cref="ClassOf"/>.
    /// </summary>
    public double[] Probabilities(double[] decision) => SoftmaxTemperature.Apply(decision, InverseTemperature);

    /// <summary>The class with the highest decision value, the first of equals.</summary>
    public static int ClassOf(double[] decision) => decision.IndexOf(decision.Max());

    private static void Check(IReadOnlyList<float[]> features, IReadOnlyList<int> classes, int numClasses)
    {
        if (features.Count == 0 || features.Count != classes.Count)
            throw new ArgumentException(
                $"Expected a class for each of at least one case, found {features.Count} cases and {classes.Count} classes.",
                nameof(classes));
        for (var i = 0; i < features.Count; i++)
        {
            if (features[i].Length != features[0].Length)
                throw new ArgumentException($"Case {i}: expected {features[0].Length} features as in case 0, found {features[i].Length}.",
                    nameof(features));
            if (classes[i] < 0 || classes[i] >= numClasses)
                throw new ArgumentException($"Case {i}: expected a class from 0 to {numClasses - 1}, found {classes[i]}.", nameof(classes));
            if (!features[i].All(float.IsFinite))
                throw new ArgumentException($"Case {i}: expected finite features, found one that is not.", nameof(features));
        }
    }

    private static Tensor Matrix(IReadOnlyList<float[]> features)
    {
        using var scope = NewDisposeScope();
        return stack(features.Select(row => tensor(row))).to(ScalarType.Float64).MoveToOuterDisposeScope();
    }

    private static double[][] Rows(Tensor matrix) => [.. matrix.data<double>().ToArray().Chunk((int)matrix.shape[1])];
}
