using TsVlm.Contracts;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>The runs of an experiment, arranged by what may be compared: those on the same test cases.</summary>
public sealed class ScenarioComparison
{
    private readonly bool hasManyModels;
    private readonly bool hasManySplits;
    private readonly bool hasManySeeds;
    private readonly Dictionary<string, int> order;

    /// <exception cref="ArgumentException">A run has both a result and a failure, or neither.</exception>
    public ScenarioComparison(IReadOnlyList<ReportRun> runs)
    {
        if (runs.FirstOrDefault(r => r.Result is null == r.Failure is null) is { } unclear)
            throw new ArgumentException($"{unclear.Run.Id}: a run of a report has either a result or a failure, found both or neither.",
                nameof(runs));
        Runs = runs;
        hasManyModels = Differ(runs.Where(r => r.Run.FineTuned is not null).Select(r => r.Run.FineTuned!.Model.Name));
        hasManySplits = Differ(runs.Select(r => r.Run.Split));
        hasManySeeds = Differ(runs.Where(r => r.Run.Baseline is null).Select(r => r.Run.Seed));
        Scenarios = [.. runs.Where(r => r.Run.Baseline is null).Select(r => Label(r.Run)).Distinct()];
        Baselines = [.. runs.Where(r => r.Run.Baseline is not null).Select(r => Label(r.Run)).Distinct()];
        order = Scenarios.Concat(Baselines).Index().ToDictionary(s => s.Item, s => s.Index);
        Groups = [.. runs.GroupBy(r => (r.Run.Dataset, r.Run.Split))
            .Select(g => new TestGroup(GroupName(g.Key.Dataset, g.Key.Split), [.. g.OrderBy(Order)]))];
    }

    /// <summary>Where a run is shown in detail; in a report, further down.</summary>
    public Func<RunSpec, string> LinkOf { get; init; } = run => $"#run-{run.Id}";

    /// <summary>Where the metrics are explained; in a report, at its end.</summary>
    public string GlossaryLink { get; init; } = "#glossary";

    /// <summary>All of them.</summary>
    public IReadOnlyList<ReportRun> Runs { get; }

    /// <summary>Names of the scenarios, as first met.</summary>
    public IReadOnlyList<string> Scenarios { get; }

    /// <summary>Names of the baselines, as first met.</summary>
    public IReadOnlyList<string> Baselines { get; }

    /// <summary>One for each data set and split, as first met.</summary>
    public IReadOnlyList<TestGroup> Groups { get; }

    /// <summary>Distinct data sets.</summary>
    public int NumDatasets => Runs.Select(r => r.Run.Dataset).Distinct().Count();

    /// <summary>What one of <see cref="Groups"/> is called: a data set where each has one split.</summary>
    public string GroupNoun => Groups.Count == NumDatasets ? "data set" : "test split";

    /// <summary>Distinct seeds of the fine-tuned runs.</summary>
    public int NumSeeds => Runs.Where(r => r.Run.Baseline is null).Select(r => r.Run.Seed).Distinct().Count();

    /// <summary>What the report calls the run's scenario or baseline.</summary>
    public string Label(RunSpec run) =>
        hasManyModels && run.FineTuned is { } model ? $"{run.ScenarioName} · {model.Model.Name}" : run.ScenarioName;

    /// <summary>The label, with the seed where there are several.</summary>
    public string LongLabel(RunSpec run) =>
        hasManySeeds && (run.Baseline is not { } name || BaselineNames.IsSeeded(name)) ? $"{Label(run)} · seed {run.Seed}" : Label(run);

    /// <summary>Place of the run's scenario among all, baselines last.</summary>
    public int Order(ReportRun run) => order[Label(run.Run)];

    /// <summary>CSS class that colours everything of one scenario; baselines share a neutral one.</summary>
    public string Colour(RunSpec run) => ColourOf(Label(run));

    /// <summary>CSS class of the scenario or baseline of that label.</summary>
    public string ColourOf(string label) => order[label] is var index && index < Scenarios.Count ? $"c{index % NumColours}" : "cb";

    /// <summary>Distinct colours of the style sheet.</summary>
    public const int NumColours = 8;

    private string GroupName(DatasetReference dataset, SplitReference split) =>
        hasManySplits ? $"{dataset.Name} · {split.Protocol}, resample {split.Resample}" : dataset.Name;

    private static bool Differ<T>(IEnumerable<T> values) => values.Distinct().Take(2).Count() > 1;
}

/// <summary>The runs on one data set and split: all are measured on the same test cases.</summary>
public sealed record TestGroup(string Name, IReadOnlyList<ReportRun> Runs)
{
    /// <summary>Those with a result.</summary>
    public IReadOnlyList<ReportRun> Finished { get; } = [.. Runs.Where(r => r.Result is not null)];

    /// <summary>Share of the most frequent class of the test split; NaN while no run of the group has told it.</summary>
    public double MajorityShare => Runs.FirstOrDefault(r => r.Metrics is not null)?.Metrics!.MajorityShare ?? double.NaN;

    /// <summary>The scenario's run with the highest accuracy, the first of equals; null when none is finished.</summary>
    public ReportRun? BestScenario => Finished.Where(r => r.Run.Baseline is null).MaxBy(r => r.Result!.Accuracy);

    /// <summary>The baseline with the highest accuracy, the first of equals; null when none is finished.</summary>
    public ReportRun? BestBaseline => Finished.Where(r => r.Run.Baseline is not null).MaxBy(r => r.Result!.Accuracy);
}
