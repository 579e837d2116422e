using TsVlm.Evaluation.Metrics;
using TsVlm.Representations.Samples;

namespace TsVlm.Evaluation.Results;

/// <summary>A few test cases with what the model was shown and answered.</summary>
/// <param name="Right">Predicted right, the most confident first.</param>
/// <param name="Wrong">Predicted wrong, the most confident first: where the model errs without doubt.</param>
public sealed record TestExamples(IReadOnlyList<TestExample> Right, IReadOnlyList<TestExample> Wrong)
{
    private const int NumOfEach = 3;

    /// <summary>Chooses cases by confidence, and takes their prompts and images from the samples.</summary>
    public static TestExamples Choose(IReadOnlyList<string> classes, IReadOnlyList<CasePrediction> predictions, IEnumerable<Sample> samples)
    {
        var ordered = predictions.OrderByDescending(p => p.Probabilities[p.Predicted]).ThenBy(p => p.Case).ToList();
        var right = ordered.Where(p => p.Label == p.Predicted).Take(NumOfEach).ToList();
        var wrong = ordered.Where(p => p.Label != p.Predicted).Take(NumOfEach).ToList();
        var chosen = right.Concat(wrong).Select(p => p.Case).ToHashSet();
        var inputs = samples.Where(s => chosen.Contains(s.Case)).ToDictionary(s => s.Case, s => s.Input);
        return new([.. right.Select(Example)], [.. wrong.Select(Example)]);

        TestExample Example(CasePrediction prediction) => new(
            prediction.Case,
            classes[prediction.Label],
            classes[prediction.Predicted],
            [.. prediction.Probabilities.Select((p, i) => new ClassProbability(classes[i], p)).OrderByDescending(p => p.Probability)
            .Take(5)],
            inputs[prediction.Case].Prompt,
            inputs[prediction.Case].Image);
    }
}
