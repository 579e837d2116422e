using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;

namespace TsVlm.Cli.Display;

/// <summary>Where the stages of an experiment are, and the time that it still takes.</summary>
internal sealed class ExperimentProgress(RunMonitor monitor)
{
    // Reading, validating and fitting the temperature pass over the cases without learning from them.
    private const double PassesBesideEpochs = 0.5;
    private readonly RemainingTime remaining = new();
    private readonly SteadyCountdown countdown = new();
    private readonly Dictionary<string, double> numCases = [];   // by data set

    /// <summary>The time left as it is to be shown; null while nothing is known of some of the work.</summary>
    /// <param name="runs">The experiment's runs as they are now.</param>
    /// <param name="now">Time since it began.</param>
    public TimeSpan? TimeLeft(IReadOnlyList<RunStatus> runs, TimeSpan now)
    {
        foreach (var run in runs)
        {
            if (monitor.Latest(run.Run.Id, Stage.Datagen) is { Total: > 0 } made) numCases[run.Run.Dataset.Name] = made.Total;
        }
        return countdown.Update(remaining.Update([.. runs.SelectMany(Observe)], now), now);
    }

    /// <summary>The runs that are worked on, each with its stage.</summary>
    public static IEnumerable<(RunSpec Run, Stage Stage)> Current(IReadOnlyList<RunStatus> runs) =>
        from run in runs
        let stage = run.Stages.FirstOrDefault(s => s.Status is StageStatus.Sent)
        where stage is not null
        select (run.Run, stage.Stage);

    // A refit takes as many at most.
    private static double EpochsOf(Recipe recipe) => recipe.Refits ? 2 * recipe.Epochs : recipe.Epochs;

    private IEnumerable<StageObservation> Observe(RunStatus run) => run.Stages.Select(stage => new StageObservation(
        run.Run.Id, stage.Stage, run.Run.ScenarioName, WorkOf(run.Run, stage.Stage),
        run.Ended || stage.Status is StageStatus.Done ? ObservedState.Ended
            : stage.Status is StageStatus.Sent ? ObservedState.Running : ObservedState.Waiting,
        monitor.Latest(run.Run.Id, stage.Stage) is { Total: > 0 } latest ? (double)latest.Done / latest.Total : 0));

    /// <summary>
    /// Passes over the cases, times the size of the data set; 1 is the mean size of those known, and stands for those that are not.
    /// </summary>
    private double WorkOf(RunSpec run, Stage stage)
    {
        var size = numCases.TryGetValue(run.Dataset.Name, out var found) ? found / numCases.Values.Average() : 1;
        return stage is Stage.Training ? size * (EpochsOf(run.FineTuned!.Scenario.Recipe) + PassesBesideEpochs) : size;
    }
}
