using static TorchSharp.torch;

namespace TsVlm.Baselines.Linear;

/// <summary>
/// Chooses how much each part of the features counts. A regression on scaled parts is one on the weighted sum of their Gram matrices, as in
/// multiple kernel learning (Gönen and Alpaydın 2011), so each choice takes one eigendecomposition.
/// </summary>
/// <remarks>Shapes: N cases, P features, K classes.</remarks>
internal static class PartShares
{
    // The choice is made on so many cases at most: eigenvalues take the time of their number cubed.
    private const int MaxCases = 1000;

    // Lambdas are meant for about as many columns of length 1 as a vision tower gives of an image.
    private const double TotalTrace = 2304;

    /// <summary>
    /// The shares with the lowest squared leave-one-out error at the best lambda of each, on up to 1,000 cases, evenly spaced among all.
    /// </summary>
    /// <param name="parts">Sizes and choices.</param>
    /// <param name="centred">Features of mean 0 and length 1, or 0 where constant (N, P).</param>
    /// <param name="targets">Targets of mean 0 (N, K).</param>
    /// <param name="cancellationToken">Stops between two choices.</param>
    public static IReadOnlyList<double> Choose(FeatureParts parts, Tensor centred, Tensor targets, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var numCases = centred.shape[0];
        if (numCases < 2) return parts.Shares[0];
        if (numCases > MaxCases)
        {
            var rows = tensor([.. Enumerable.Range(0, MaxCases).Select(i => i * numCases / MaxCases)]);
            (centred, targets) = (centred.index_select(0, rows), targets.index_select(0, rows));
            (centred, targets) = (centred - centred.mean([0]), targets - targets.mean([0]));
        }
        var grams = Of(parts, centred).Select(part => part.mm(part.t())).ToList();
        var traces = grams.Select(gram => gram.trace().data<double>()[0]).ToList();
        var (best, leastError) = (parts.Shares[0], double.PositiveInfinity);
        foreach (var shares in parts.Shares)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var each = NewDisposeScope();
            var gram = grams.Zip(Factors(shares, traces), (part, factor) => part * tensor(factor))
                .Aggregate((sum, part) => sum + part);
            var error = RidgePath.LeastError(gram, targets, RidgeClassifier.Lambdas);
            if (error < leastError * (1 - RidgeClassifier.EqualErrors)) (best, leastError) = (shares, error);
        }
        return best;
    }

    /// <summary>What each column is multiplied with, so that the parts have these shares (P).</summary>
    public static Tensor Factors(FeatureParts parts, IReadOnlyList<double> shares, Tensor centred)
    {
        using var scope = NewDisposeScope();
        double[] traces = [.. Of(parts, centred).Select(part => (part * part).sum().data<double>()[0])];
        var columns = Factors(shares, traces).Zip(parts.Sizes, (factor, size) => Enumerable.Repeat(Math.Sqrt(factor), size));
        return tensor([.. columns.SelectMany(column => column)]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What the Gram matrix of each part is multiplied with, so that they have these shares in the total. Parts that are constant tell
    /// nothing; the others share what would be theirs.
    /// </summary>
    private static double[] Factors(IReadOnlyList<double> shares, IReadOnlyList<double> traces)
    {
        double[] heard = [.. shares.Zip(traces, (share, trace) => trace > 0 ? share : 0)];
        var total = heard.Sum();
        return [.. heard.Zip(traces, (share, trace) => share > 0 ? TotalTrace * share / total / trace : 0)];
    }

    private static IEnumerable<Tensor> Of(FeatureParts parts, Tensor columns)
    {
        var start = 0L;
        foreach (var size in parts.Sizes)
        {
            yield return columns.narrow(1, start, size);
            start += size;
        }
    }
}
