using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluation.Early;

/// <summary>
/// When to answer, by TEASER (Schäfer and Leser 2020, section 3): a class is answered when it was predicted from so many consecutive
/// prefixes and each prediction was accepted by the prefix's master; at the end of the series whatever is predicted then. The number
/// is the one with the highest harmonic mean on the training cases, the lowest of equals.
/// </summary>
/// <remarks>Shapes: S prefixes, N cases, K classes.</remarks>
public sealed class TeaserRule
{
    private const int MostConsecutive = 5;
    private readonly IReadOnlyList<PrefixMaster> masters;   // (S)

    private TeaserRule(IReadOnlyList<PrefixMaster> masters, int numConsecutive, EarlyScore training)
    {
        (this.masters, NumConsecutive, Training) = (masters, numConsecutive, training);
    }

    /// <summary>Consecutive predictions that make an answer.</summary>
    public int NumConsecutive { get; }

    /// <summary>What it reaches on the training cases.</summary>
    public EarlyScore Training { get; }

    /// <summary>Fits it.</summary>
    /// <param name="heldOut">Probabilities (S, N, K) of training cases, each by a fit without the case.</param>
    /// <param name="shares">Share of each case's series in a prefix (S, N); 1 where that is all of it.</param>
    /// <param name="classes">Class of each case (N).</param>
    public static TeaserRule Fit(IReadOnlyList<IReadOnlyList<double[]>> heldOut, IReadOnlyList<IReadOnlyList<double>> shares, IReadOnlyList<int> classes)
    {
        var masters = heldOut.Select(prefix => PrefixMaster.Fit(
            [.. prefix.Where((probabilities, i) => CasePrediction.Argmax(probabilities) == classes[i])])).ToList();
        var accepted = heldOut.Select((prefix, s) => prefix.Select(masters[s].Accepts).ToArray()).ToList();
        var (best, score) = (0, new EarlyScore(0, 1));
        for (var number = 1; number <= MostConsecutive; number++)
        {
            var answers = classes.Select((_, i) => Answer(i, number)).ToList();
            var reached = EarlyScore.Of(answers, classes);
            if (best == 0 || reached.HarmonicMean > score.HarmonicMean) (best, score) = (number, reached);
        }
        return new(masters, best, score);

        EarlyAnswer Answer(int i, int number)
        {
            var waiting = new ConsecutivePredictions(number);
            for (var s = 0; ; s++)
                if (waiting.Add(CasePrediction.Argmax(heldOut[s][i]), accepted[s][i], s, shares[s][i], s == heldOut.Count - 1) is { } answer)
                    return answer;
        }
    }

    /// <summary>A new series, of which no prefix was seen.</summary>
    public ConsecutivePredictions Begin() => new(NumConsecutive);

    /// <summary>What the next prefix of a series says.</summary>
    /// <param name="waiting">What was seen of the series.</param>
    /// <param name="prefix">Number of the prefix.</param>
    /// <param name="probabilities">Probabilities of the classes from it.</param>
    /// <param name="share">Share of the series in it.</param>
    /// <returns>The answer; null to wait for more.</returns>
    public EarlyAnswer? Add(ConsecutivePredictions waiting, int prefix, double[] probabilities, double share) =>
        waiting.Add(CasePrediction.Argmax(probabilities), masters[prefix].Accepts(probabilities), prefix, share, prefix == masters.Count - 1);
}

/// <summary>The latest predictions of one series that agree.</summary>
/// <param name="numNeeded">How many make an answer.</param>
public sealed class ConsecutivePredictions(int numNeeded)
{
    private int latest = -1, count;

    /// <summary>The prediction from the next prefix.</summary>
    /// <returns>The answer; null to wait for more.</returns>
    internal EarlyAnswer? Add(int predicted, bool isAccepted, int prefix, double share, bool isLast)
    {
        count = !isAccepted ? 0 : predicted == latest ? count + 1 : 1;
        latest = isAccepted ? predicted : -1;
        return count >= numNeeded || share >= 1 || isLast ? new(predicted, prefix, share) : null;
    }
}
