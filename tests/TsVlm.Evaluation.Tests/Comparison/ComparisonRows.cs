using TsVlm.Evaluation.Comparison;

namespace TsVlm.Evaluation.Tests.Comparison;

/// <summary>Rows of results.csv, made up.</summary>
internal static class ComparisonRows
{
    public static ResultRow Row(string dataset, string scenario, double accuracy, int resample = 0, int seed = 0, string model = "tiny",
        string protocol = "official", int numTest = 100,
        double seconds = 1) => new()
    {
        Place = $"results.csv({dataset} {scenario} {resample} {seed})",
        Dataset = dataset,
        Protocol = protocol,
        Resample = resample,
        Seed = seed,
        Scenario = scenario,
        Model = scenario.StartsWith("baseline:", StringComparison.Ordinal) ? scenario["baseline:".Length..] : model,
        NumTrain = 50,
        NumTest = numTest,
        NumClasses = 2,
        Accuracy = accuracy,
        Others = new Dictionary<string, double>
        {
            ["balanced_accuracy"] = accuracy, ["macro_f1"] = accuracy, ["auroc"] = double.NaN, ["nll"] = 0.5, ["train_seconds"] =
                seconds, ["eval_seconds"] = 0.5,
        },
    };

    /// <summary>Scores (data sets, classifiers) as rows, the first classifier being a scenario and the others baselines.</summary>
    public static List<ResultRow> Rows(double[][] scores, string[]? names = null) =>
    [
        .. from d in Enumerable.Range(0, scores.Length) from c in Enumerable.Range(0, scores[d].Length)
           let name = names?[c] ?? $"c{c}"
           select Row($"D{d:00}", c == 0 ? name : $"baseline:{name}", scores[d][c]),
    ];

    public static ScoreTable Table(IReadOnlyList<ResultRow> rows, IReadOnlyList<PublishedAccuracy>? published = null,
        ComparisonChoice? choice = null,
        Dictionary<string, DatasetFacts>? facts = null) => ScoreTable.Of(rows, published ?? [], choice ?? new(), facts ?? []);
}
