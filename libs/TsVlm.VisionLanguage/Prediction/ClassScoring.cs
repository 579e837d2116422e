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
    /// <param name="written">Is given the rationale that the model wrote of each sample, where it writes one before it answers.</param>
    public IReadOnlyList<double[]> Score(IEnumerable<SampleInput> inputs, Action<int> progress, CancellationToken cancellationToken,
        ICollection<string>? written = null)
    {
        var scores = new List<double[]>();
        foreach (var batch in inputs.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores.AddRange(probe?.Scores(batch) ?? answers.LogLikelihoods(answers.Explained(batch, rationales, written), classAnswers));
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
