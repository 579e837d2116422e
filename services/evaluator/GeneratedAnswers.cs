using TsVlm.Evaluation.Metrics;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Prediction;

namespace TsVlm.Evaluator;

/// <summary>
/// Lets a model that is read by its answers speak for itself on test cases drawn by the run's seed; it classifies by likelihood all the
/// same. What it says is known from the scoring where it is a class's answer, and generated where it is not.
/// </summary>
internal sealed class GeneratedAnswers
{
    /// <summary>Cases asked at most: enough to tell a model that has learnt to answer from one that has not.</summary>
    public const int MaxCases = 100;

    private readonly Classifier classifier;
    private readonly HashSet<int> chosen;
    private readonly List<(int Position, Sample Sample)> kept = [];

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
        if (chosen.Contains(position)) kept.Add((position, sample));
    }

    /// <summary>The metrics of the cases kept; null where classes are read by a probe.</summary>
    /// <param name="greedyAnswers">For every test case the class whose answer greedy decoding gives; null where none.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public GeneratedAnswerMetrics? Metrics(IReadOnlyList<int?> greedyAnswers, CancellationToken cancellationToken)
    {
        if (kept.Count == 0) return null;
        // Behind a rationale of its own the answer may differ from that behind the rationale it was scored with, which has a bound.
        var isKnown = !classifier.ExplainsFirst;
        var unknown = kept.Where(at => !isKnown || greedyAnswers[at.Position] is null).ToList();
        var generated = unknown.Zip(classifier.Answer([.. unknown.Select(at => at.Sample.Input)], cancellationToken))
            .ToDictionary(pair => pair.First.Position, pair => pair.Second);
        string[] answers = [.. classifier.Samples.Answers.Select(answer => answer.Trim())];
        var said = kept.Select(at => generated.GetValueOrDefault(at.Position) ?? answers[greedyAnswers[at.Position]!.Value]).ToList();
        return new(kept.Count, said.Count(answers.Contains), said.Zip(kept)
            .Average(pair => pair.First == pair.Second.Sample.Answer.Trim() ? 1.0 : 0.0));
    }
}
