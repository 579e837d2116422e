using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Experiments;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Experiments;

/// <summary>What an experiment would take: its runs, those that are done already, and the time of the others where earlier runs tell it.</summary>
internal sealed class ExperimentPlans(Launcher launcher, RunQueries queries, RunResults results, IArtifactStore artifacts)
{
    /// <summary>Plans a request; nothing is recorded.</summary>
    public async Task<PlannedExperiment> Of(ExperimentRequest request, CancellationToken cancellationToken)
    {
        var experiment = await launcher.Plan(request, cancellationToken);
        var open = new List<RunSpec>();
        foreach (var run in experiment.Runs)
        {
            if (await artifacts.Find(ArtifactKeys.Evaluation(run), cancellationToken) is null) open.Add(run);
        }
        return new(experiment.Id, experiment.Runs.Count, experiment.Runs.Count - open.Count, await Seconds(open, cancellationToken),
            [.. experiment.Runs.Select(run => run.Dataset.Name).Distinct()], [.. experiment.Runs.Select(run => run.ScenarioName).Distinct()],
            experiment.Notes);
    }

    /// <summary>What the open runs of an experiment still take.</summary>
    public async Task<TimeLeft> Left(string experimentId, CancellationToken cancellationToken)
    {
        var open = await queries.Open(experimentId, cancellationToken);
        return new(open.Count, await Seconds([.. open], cancellationToken));
    }

    /// <summary>The sum over runs of the mean time of earlier runs of the same scenario; null where one was never run.</summary>
    private async Task<double?> Seconds(List<RunSpec> open, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return 0;
        var wanted = open.Select(KindOf).ToHashSet();
        var earlier = (await queries.Succeeded(null, cancellationToken)).Where(run => wanted.Contains(KindOf(run))).ToList();
        var seconds = (await results.Of(earlier, cancellationToken)).GroupBy(result => KindOf(result.Run))
            .ToDictionary(kind => kind.Key, kind => kind.Average(result => result.TrainSeconds + result.EvalSeconds));
        return wanted.All(seconds.ContainsKey) ? open.Sum(run => seconds[KindOf(run)]) : null;
    }

    private static string KindOf(RunSpec run) =>
        run.FineTuned is { } tuned ? $"{tuned.Scenario.ContentHash} {tuned.Model.ContentHash}" : run.ScenarioName;
}
