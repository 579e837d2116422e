namespace TsVlm.Baselines.Linear;

/// <summary>
/// Kinds of features that a ridge regression weighs against each other: each part's share in the squared length of all features is chosen
/// by leave-one-out error. With one penalty for columns of all kinds, a part of few columns would have no weight.
/// </summary>
/// <param name="Sizes">Columns of each part, in their order.</param>
/// <param name="Shares">
/// The choices: a share for each part, 0 leaving it out, summing to 1. The first of equally good ones is taken, so the simplest comes
/// first.
/// </param>
public sealed record FeatureParts(IReadOnlyList<int> Sizes, IReadOnlyList<IReadOnlyList<double>> Shares)
{
    /// <exception cref="ArgumentException">Sizes or shares that do not match the features, or each other.</exception>
    internal void Check(int numFeatures)
    {
        if (Sizes.Sum() != numFeatures || Sizes.Any(size => size < 1))
            throw new ArgumentException($"Parts: expected sizes that sum to {numFeatures} features, found {string.Join(", ", Sizes)}.");
        if (Shares.Count == 0 || Shares.Any(shares => shares.Count != Sizes.Count || shares.Any(share => share is not (>= 0 and <= 1))))
            throw new ArgumentException($"Parts: expected choices of {Sizes.Count} shares from 0 to 1, found another number or value.");
    }
}
