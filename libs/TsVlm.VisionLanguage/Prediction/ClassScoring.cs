using TsVlm.Contracts;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Probing;

namespace TsVlm.VisionLanguage.Prediction;

/// <summary>
/// Scores the classes of samples as a scenario reads them, the same for the temperature and in the test: by a probe, or by whole answers,
/// behind a rationale of the model's own where that comes first.
/// </summary>
/// <param name="answers">Scores answers.</param>
/// <param name="probe">Scores classes instead; null where answers are read.</param>
/// <param name="samples">Knows the answer of each class, and the input that shows nothing.</param>
/// <param name="scenario">How answers are scored, and what rationales come before.</param>
public sealed class ClassScoring(AnswerClassifier answers, ProbeClassifier? probe, SampleBuilder samples, Scenario scenario)
{
    private const int BatchSize = 16;
    private readonly Lazy<SampleInput> blank = new(samples.Blank);
    private double[]? scoresOfBlank;

    /// <summary>
    /// For each sample the score of every class: what the probe gives it, or that of its whole answer by <see cref="Recipe.ScoredBy"/>.
    /// </summary>
    /// <param name="inputs">What the model is shown of each case.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <param name="notes">Is given what the model says of each sample.</param>
    public IReadOnlyList<double[]> Score(IEnumerable<SampleInput> inputs, Action<int> progress, CancellationToken cancellationToken,
        ScoringNotes? notes = null)
    {
        var scores = new List<double[]>();
        foreach (var batch in inputs.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores.AddRange(probe?.Scores(batch) ?? OfAnswers(
                answers.Explained(batch, scenario.Representation.Rationale, notes?.Rationales), notes?.GreedyAnswers));
            progress(scores.Count);
        }
        return scores;
    }

    /// <summary>The same behind given rationales instead of the model's own.</summary>
    public IReadOnlyList<double[]> ScoreGiven(IEnumerable<(SampleInput Input, string Rationale)> explained,
        CancellationToken cancellationToken)
    {
        var scores = new List<double[]>();
        foreach (var batch in explained.Select(e => AnswerClassifier.Given(e.Input, e.Rationale)).Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores.AddRange(OfAnswers(batch, greedy: null));
        }
        return scores;
    }

    private IEnumerable<double[]> OfAnswers(IReadOnlyList<SampleInput> batch, ICollection<int?>? greedy)
    {
        var likelihoods = answers.LogLikelihoods(batch, samples.Answers, greedy);
        return scenario.Recipe.ScoredBy switch
        {
            AnswerScore.PerToken => PerToken(likelihoods, [.. answers.CountTokens(batch[0], samples.Answers)]),
            AnswerScore.RelativeToBlank => batch.Zip(likelihoods, RelativeToBlank),
            _ => likelihoods,
        };
    }

    private static IEnumerable<double[]> PerToken(double[][] likelihoods, int[] numTokens) =>
        likelihoods.Select(row => row.Zip(numTokens, (sum, count) => sum / count).ToArray());

    private double[] RelativeToBlank(SampleInput input, double[] likelihoods)
    {
        // An input that shows nothing knows no class; rounding in batches of different sizes must not choose one.
        if (input.Prompt == blank.Value.Prompt && (input.Image ?? []).AsSpan().SequenceEqual(blank.Value.Image))
            return new double[likelihoods.Length];
        scoresOfBlank ??= answers.LogLikelihoods([blank.Value], samples.Answers)[0];
        return [.. likelihoods.Zip(scoresOfBlank, (shown, notShown) => shown - notShown)];
    }
}

/// <summary>What a model says of samples while their classes are scored.</summary>
public sealed class ScoringNotes
{
    /// <summary>The rationale of each sample, where the model writes one before it answers.</summary>
    public List<string> Rationales { get; } = [];

    /// <summary>
    /// Which class's answer greedy decoding gives for each sample; null where it gives another text. Empty where a probe reads the classes.
    /// </summary>
    public List<int?> GreedyAnswers { get; } = [];
}
