using System.Text.Json.Serialization;

namespace TsVlm.VisionLanguage.Scoring;

/// <summary>
/// What a trained model's class scores are divided by before they become probabilities: one temperature for all classes, fitted on
/// validation cases (Guo et al. 2017, arXiv 1706.04599, section 4.2). The order of the classes stays, and with it every prediction. As in
/// <c>calibration.json</c>.
/// </summary>
public sealed record TemperatureScaling
{
    /// <summary>Lowest temperature that is fitted.</summary>
    public const double Lowest = 0.05;

    /// <summary>Highest temperature that is fitted.</summary>
    public const double Highest = 20;

    /// <summary>With fewer validation cases the temperature stays 1.</summary>
    public const int MinCases = 10;

    // Each step halves the interval of 1 / T, so a hundred are more than the digits of a double.
    private const int NumHalvings = 100;

    /// <summary>The temperature; above 1 probabilities become more even.</summary>
    public required double Temperature { get; init; }

    /// <summary>Validation cases that it was fitted on; where it was not, those that there were.</summary>
    public required int NumCases { get; init; }

    /// <summary>Why it is 1 without a fit; null where it was fitted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotFitted { get; init; }

    /// <summary>No temperature, and why.</summary>
    public static TemperatureScaling None(int numCases, string why) => new() { Temperature = 1, NumCases = numCases, NotFitted = why };

    /// <summary>
    /// The temperature of least mean negative log-likelihood of the true classes, from <see cref="Lowest"/> to <see cref="Highest"/>. The
    /// likelihood is convex in 1 / T, so the sign of its slope there, the mean of what the scores are expected to be less the true class's,
    /// leads to it. Where every case is right the likelihood rises up to certainty and has no highest point: then, and with too few cases,
    /// the temperature is 1.
    /// </summary>
    /// <param name="scores">Log-likelihoods or logits (cases, classes).</param>
    /// <param name="truth">True class (cases).</param>
    public static TemperatureScaling Fit(IReadOnlyList<double[]> scores, IReadOnlyList<int> truth)
    {
        if (scores.Count != truth.Count)
            throw new ArgumentException($"Expected as many rows of scores as true classes, found {scores.Count} and {truth.Count}.",
                nameof(scores));
        if (scores.Count == 0) return None(0, "there are no validation cases");
        if (scores.Count < MinCases) return None(scores.Count, $"fewer than {MinCases} validation cases say too little");
        if (scores.Zip(truth).All(pair => IsRight(pair.First, pair.Second)))
            return None(scores.Count, "no validation case is wrong, so any certainty would fit them");

        var (low, high) = (1 / Highest, 1 / Lowest);
        for (var step = 0; step < NumHalvings; step++)
        {
            var middle = (low + high) / 2;
            if (Slope(scores, truth, middle) > 0) high = middle;
            else low = middle;
        }
        return new() { Temperature = Math.Clamp(2 / (low + high), Lowest, Highest), NumCases = scores.Count };
    }

    /// <summary>Probabilities of the classes from their scores at a temperature: softmax(scores / T), summing to 1.</summary>
    public static double[] Probabilities(double[] scores, double temperature = 1)
    {
        var highest = scores.Max();
        var exponentials = Array.ConvertAll(scores, score => Math.Exp((score - highest) / temperature));
        var sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, exponential => exponential / sum);
    }

    private static double Slope(IReadOnlyList<double[]> scores, IReadOnlyList<int> truth, double inverse)
    {
        var slope = 0.0;
        for (var i = 0; i < scores.Count; i++)
        {
            var probabilities = Probabilities(scores[i], 1 / inverse);
            // A class of probability 0 may have a score of minus infinity, of which 0 times is not a number.
            for (var c = 0; c < probabilities.Length; c++)
                if (probabilities[c] > 0) slope += probabilities[c] * (scores[i][c] - scores[i][truth[i]]);
        }
        return slope;
    }

    private static bool IsRight(double[] scores, int truth)
    {
        for (var c = 0; c < scores.Length; c++)
            if (c != truth && scores[c] >= scores[truth]) return false;
        return true;
    }
}
