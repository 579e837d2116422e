using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Early;

/// <summary>
/// The control of a rule that decides when to answer: every series is answered at the same prefix, the one with the highest harmonic mean on
/// the training cases.
/// </summary>
public static class FixedPrefix
{
    /// <summary>Number of the prefix, the shortest of equals.</summary>
    /// <param name="heldOut">Probabilities (prefixes, cases, classes) of training cases, each by a fit without the case.</param>
    /// <param name="shares">Share of each case's series in a prefix (prefixes, cases).</param>
    /// <param name="classes">Class of each case.</param>
    public static int Choose(IReadOnlyList<IReadOnlyList<double[]>> heldOut, IReadOnlyList<IReadOnlyList<double>> shares, IReadOnlyList<int> classes) =>
        Enumerable.Range(0, heldOut.Count).MaxBy(s => EarlyScore.Of(
            [.. heldOut[s].Select((probabilities, i) => new EarlyAnswer(CasePrediction.Argmax(probabilities), s, shares[s][i]))], classes).HarmonicMean);
}
