using TsVlm.Evaluation.Metrics;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Prediction;

namespace TsVlm.Evaluator;

/// <summary>
/// Lets a model that is read by its answers speak for itself on test cases drawn by the run's seed; it classifies by likelihood all the
/// same.
/// </summary>
internal sealed class GeneratedAnswers
{
    /// <summary>Cases asked at most: enough to tell a model that has learnt to answer from one that has not.</summary>
    public const int MaxCases = 100;

    private readonly Classifier classifier;
    private readonly HashSet<int> chosen;
    private readonly List<Sample> kept = [];

    /// <summary>Draws the cases.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="numTest">Test cases that there are.</param>
    /// <param name="seed">Seed of the draw.</param>
    public GeneratedAnswers(Classifier classifier, int numTest, int seed)
    {
        this.classifier = classifier;
        int[] order = [.. Enumerable.Range(0, numTest)];
        new Random(seed).Shuffle(order);
        chosen = classifier.Checkpoint.HasProbe ? [] : [.. order.Take(MaxCases)];
    }

    /// <summary>Keeps a test case if it was drawn.</summary>
    /// <param name="position">Its place among the test cases.</param>
    /// <param name="sample">The case.</param>
    public void Offer(int position, Sample sample)
    {
        if (chosen.Contains(position)) kept.Add(sample);
    }

    /// <summary>The figures of the cases kept; null where classes are read by a probe.</summary>
    public GeneratedAnswerMetrics? Figures(CancellationToken cancellationToken)
    {
        if (kept.Count == 0) return null;
        var answers = classifier.Samples.Answers.Select(answer => answer.Trim()).ToHashSet();
        var said = classifier.Answer([.. kept.Select(sample => sample.Input)], cancellationToken);
        return new(kept.Count, said.Count(answers.Contains), said.Zip(kept)
            .Average(pair => pair.First == pair.Second.Answer.Trim() ? 1.0 : 0.0));
    }
}
