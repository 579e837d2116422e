using TorchSharp;
using static TorchSharp.torch;

namespace TsVlm.Baselines.Linear;

/// <summary>
/// Ridge regression with an unpenalised intercept for any lambda from one eigendecomposition, of the Gram matrix or, where there are fewer
/// features than cases, of the covariance. Leaving a case out divides its residual by 1 minus its leverage (Allen 1974; exact for fixed
/// scales of the features).
/// </summary>
/// <remarks>Shapes: N cases, P features, K classes, R = min(N, P) eigenvalues. All in double precision.</remarks>
internal sealed class RidgePath
{
    private readonly Tensor targets, basis, eigenvalues, projected;
    private readonly Tensor? centred;   // null where only the Gram matrix is known
    private readonly bool byCases;

    /// <param name="centred">Features of mean 0 (N, P).</param>
    /// <param name="targets">Targets of mean 0 (N, K).</param>
    public RidgePath(Tensor centred, Tensor targets)
        : this(centred.shape[0] <= centred.shape[1] ? centred.mm(centred.t()) : centred.t().mm(centred), targets, centred)
    {
    }

    /// <param name="products">Of all pairs of cases (N, N) or, where these are fewer, of features (P, P).</param>
    /// <param name="targets">Targets of mean 0 (N, K).</param>
    /// <param name="centred">Features of mean 0 (N, P); null where only errors are asked for and products are those of cases.</param>
    private RidgePath(Tensor products, Tensor targets, Tensor? centred)
    {
        (this.targets, this.centred) = (targets, centred);
        byCases = products.shape[0] == targets.shape[0];
        (eigenvalues, basis) = linalg.eigh(products);                                                        // (R), (R, R)
        using Scalar zero = 0.0;
        eigenvalues = eigenvalues.clamp_min(zero);
        projected = byCases ? basis.t().mm(targets) : basis.t().mm(centred!.t().mm(targets));                // (R, K)
    }

    /// <summary>
    /// The lowest mean squared leave-one-out error of any of the lambdas, from the Gram matrix (N, N) of centred features.
    /// </summary>
    public static double LeastError(Tensor gram, Tensor targets, IReadOnlyList<double> lambdas)
    {
        using var scope = NewDisposeScope();
        var path = new RidgePath(gram, targets, centred: null);
        return lambdas.Min(lambda =>
        {
            var residuals = path.LeaveOneOutResiduals(lambda);
            return (residuals * residuals).mean().data<double>()[0];
        });
    }

    /// <summary>What a fit without each case misses of its target (N, K); for at least two cases.</summary>
    public Tensor LeaveOneOutResiduals(double lambda)
    {
        using var scope = NewDisposeScope();
        var share = 1.0 / targets.shape[0];
        using Scalar penalty = lambda, ofOne = share, ofOthers = 1 - share;   // held (decision 9)
        Tensor residuals, remaining;
        if (byCases)
        {
            // 1 - leverage straight from the eigenvalues, not as a difference from 1: it may be as small as lambda / P.
            var kept = (eigenvalues + penalty).reciprocal() * penalty;                                       // (R)
            residuals = basis.mm(kept.unsqueeze(1) * projected);                                             // (N, K)
            remaining = (basis * basis).mv(kept) - ofOne;                                                    // (N)
        }
        else
        {
            var inverse = (eigenvalues + penalty).reciprocal();
            var scores = centred!.mm(basis);                                                                 // (N, R)
            residuals = targets - scores.mm(inverse.unsqueeze(1) * projected);
            remaining = (scores * scores).mv(inverse).neg() + ofOthers;
        }
        return (residuals / remaining.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Weights of the centred features (P, K).</summary>
    public Tensor Weights(double lambda)
    {
        using var scope = NewDisposeScope();
        using Scalar penalty = lambda;
        var coefficients = basis.mm((eigenvalues + penalty).reciprocal().unsqueeze(1) * projected);           // (R, K)
        return (byCases ? centred!.t().mm(coefficients) : coefficients).MoveToOuterDisposeScope();
    }
}
