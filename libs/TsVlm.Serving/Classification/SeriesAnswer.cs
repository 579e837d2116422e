using TsVlm.Evaluation.Metrics;

namespace TsVlm.Serving.Classification;

/// <summary>What a trained model answers to a series.</summary>
/// <param name="Label">The most probable class; of equals, the first.</param>
/// <param name="Probabilities">Probability of each class, in the order of <see cref="SeriesClassifier.Classes"/>, summing to 1.</param>
public sealed record SeriesAnswer(string Label, IReadOnlyList<double> Probabilities)
{
    /// <summary>The highest probability.</summary>
    public double Confidence => Probabilities.Max();

    internal static SeriesAnswer Of(IReadOnlyList<string> classes, double[] probabilities) =>
        new(classes[CasePrediction.Argmax(probabilities)], probabilities);
}
