using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Contracts;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Comparison;

/// <summary>
/// Accuracies grouped by the values of one setting of the scenarios, such as the arm or the kind of image. Scenarios with the same value are
/// averaged within each seed and resample, and these have the interval of <see cref="MeanInterval"/>; a seed and resample that one of the
/// scenarios lacks counts for none, so that every mean is over the same scenarios.
/// </summary>
public sealed class SettingGroups
{
    /// <summary>What stands for a setting that a scenario leaves at its default.</summary>
    public const string Default = "default";

    private const string Model = "model";
    private readonly Dictionary<(string Dataset, string Value), SettingScore> scores = [];

    private SettingGroups(string setting, IReadOnlyList<string> datasets, IReadOnlyList<SettingValue> values) =>
        (Setting, Datasets, Values) = (setting, datasets, values);

    /// <summary>The setting, such as <c>representation.arm</c>.</summary>
    public string Setting { get; }

    /// <summary>Data sets of the runs, as first met.</summary>
    public IReadOnlyList<string> Datasets { get; }

    /// <summary>Values of the setting with their scenarios, as first met.</summary>
    public IReadOnlyList<SettingValue> Values { get; }

    /// <summary>Data sets that every value has a score for.</summary>
    public IReadOnlyList<string> Complete => [.. Datasets.Where(dataset => Values.All(value => this[dataset, value.Name] is not null))];

    /// <summary>The score of a value on a data set; null where its scenarios have no seed and resample in common.</summary>
    public SettingScore? this[string dataset, string value] => scores.GetValueOrDefault((dataset, value));

    /// <summary>Mean over <see cref="Complete"/>; NaN where there is none.</summary>
    public double Mean(string value) => Complete.Select(dataset => this[dataset, value]!.Accuracy.Mean).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Settings in which the scenarios of these runs differ, those without effect left out, sorted; names and baselines do not count.</summary>
    public static IReadOnlyList<string> Differing(IReadOnlyList<RunResult> results)
    {
        var scenarios = Tuned(results).Select(result => result.Run.FineTuned!).Distinct().Select(Settings).ToList();
        return [.. scenarios.SelectMany(settings => settings.Keys).Distinct()
            .Where(name => scenarios.Select(settings => settings.GetValueOrDefault(name, Default)).Distinct().Take(2).Count() > 1)
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Groups the runs of scenarios by a setting; baselines, which have none, are left out.</summary>
    public static SettingGroups Of(IReadOnlyList<RunResult> results, string setting)
    {
        var valueOf = Tuned(results).Select(result => result.Run.FineTuned!).Distinct()
            .ToDictionary(tuned => tuned, tuned => Settings(tuned).GetValueOrDefault(setting, Default));
        var runs = Tuned(results).Select(result => (Result: result, Value: valueOf[result.Run.FineTuned!])).ToList();
        var groups = new SettingGroups(setting, [.. runs.Select(run => run.Result.Run.Dataset.Name).Distinct()],
            [.. runs.GroupBy(run => run.Value).Select(value => new SettingValue(value.Key, [.. value.Select(run => NameOf(run.Result)).Distinct()]))]);
        foreach (var cell in runs.GroupBy(run => (run.Result.Run.Dataset.Name, run.Value)))
        {
            if (Score([.. cell.Select(run => run.Result)]) is { } score) groups.scores[cell.Key] = score;
        }
        return groups;
    }

    private static SettingScore? Score(List<RunResult> results)
    {
        var numScenarios = results.Select(NameOf).Distinct().Count();
        var whole = results.GroupBy(result => (result.Run.Split, result.Run.Seed)).Where(g => g.Select(NameOf).Distinct().Count() == numScenarios).ToList();
        if (whole.Count == 0) return null;
        var resamples = whole.GroupBy(g => g.Key.Split).Select(split => (IReadOnlyList<double>)[.. split.Select(g => g.Average(r => r.Accuracy))]).ToList();
        return new(MeanInterval.Of(resamples, results[0].NumTrain, results[0].NumTest), whole.Sum(g => g.Count()), resamples.Count);
    }

    private static IEnumerable<RunResult> Tuned(IReadOnlyList<RunResult> results) => results.Where(result => result.Run.FineTuned is not null);

    private static string NameOf(RunResult result) => $"{result.Run.ScenarioName} {result.Run.FineTuned!.Model.Name}";

    private static Dictionary<string, string> Settings(FineTunedModel tuned)
    {
        var settings = new Dictionary<string, string> { [Model] = tuned.Model.Name };
        var scenario = JsonSerializer.SerializeToNode(tuned.Scenario.Canonical(), ContractJson.Compact)!.AsObject();
        scenario.Remove("name");
        Flatten("", scenario, settings);
        return settings;
    }

    private static void Flatten(string path, JsonNode? node, Dictionary<string, string> settings)
    {
        if (node is JsonObject parts)
        {
            foreach (var (name, part) in parts) Flatten(path.Length == 0 ? name : $"{path}.{name}", part, settings);
        }
        else settings[path] = node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "null";
    }
}

/// <summary>A value of a setting.</summary>
/// <param name="Name">The value as JSON writes it.</param>
/// <param name="Scenarios">Scenarios that have it, with their models.</param>
public sealed record SettingValue(string Name, IReadOnlyList<string> Scenarios);

/// <summary>What the scenarios with one value reached on a data set.</summary>
/// <param name="Accuracy">Mean accuracy with its interval over seeds and resamples.</param>
/// <param name="NumRuns">Runs behind it.</param>
/// <param name="NumResamples">Resamples behind it.</param>
public sealed record SettingScore(MeanInterval Accuracy, int NumRuns, int NumResamples);
