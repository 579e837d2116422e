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
/// <param name="classAnswers">The answer of each class.</param>
/// <param name="rationales">The scenario's rationales; null for none.</param>
public sealed class ClassScoring(AnswerClassifier answers, ProbeClassifier? probe, IReadOnlyList<string> classAnswers,
    RationaleSettings? rationales)
{
    private const int BatchSize = 16;

    /// <summary>For each sample the log-likelihood of every class's answer, or what the probe gives the class.</summary>
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
            scores.AddRange(probe?.Scores(batch)
                ?? answers.LogLikelihoods(answers.Explained(batch, rationales, notes?.Rationales), classAnswers, notes?.GreedyAnswers));
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
            scores.AddRange(answers.LogLikelihoods(batch, classAnswers));
        }
        return scores;
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
