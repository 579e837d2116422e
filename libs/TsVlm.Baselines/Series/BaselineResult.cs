namespace TsVlm.Baselines.Series;

/// <summary>What a baseline says of the test series.</summary>
/// <param name="Predictions">Predicted label, one a test series.</param>
/// <param name="Probabilities">
/// Probability of each class (test series, classes); 1 for the predicted class where a method gives no more.
/// </param>
public sealed record BaselineResult(IReadOnlyList<string> Predictions, IReadOnlyList<double[]> Probabilities)
{
    /// <summary>What a user should know of the data before relying on these predictions, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
