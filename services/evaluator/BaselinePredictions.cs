using TsVlm.Baselines;
using TsVlm.Data;
using TsVlm.Evaluation.Metrics;

namespace TsVlm.Evaluator;

/// <summary>A baseline's predictions in the form that a model's have.</summary>
internal static class BaselinePredictions
{
    /// <summary>Runs a baseline on case numbers of a data set; with what a user should know of it, one sentence each.</summary>
    public static (IReadOnlyList<CasePrediction> Predictions, IReadOnlyList<string> Warnings) Of(
        string name, Dataset dataset, IReadOnlyList<int> training, IReadOnlyList<int> test, int seed, int numThreads,
        Action<int> progress, CancellationToken cancellationToken)
    {
        var result = Baseline.Run(
            name, [.. training.Select(i => dataset.Cases[i])], [.. test.Select(i => dataset.Cases[i].Series)], dataset.Classes, seed,
            numThreads,
            progress, cancellationToken);
        var position = dataset.Classes.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
        return ([.. test.Select((number, i) => new CasePrediction(
            number, position[dataset.Cases[number].Label], position[result.Predictions[i]], result.Probabilities[i]))], result.Warnings);
    }
}
