using System.Net.ServerSentEvents;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Web.Experiments;

namespace TsVlm.Web.Tests.Experiments;

public sealed class LiveExperimentTests
{
    [Fact]
    public void Progress_starts_a_stage_and_draws_its_losses()
    {
        var live = Live(Run("a"));
        Assert.False(live.Apply(Progress("a", 0.5, 2.0)));
        live.Apply(Progress("a", 1.0, 1.0));
        Assert.Equal([(0.5, 2.0), (1.0, 1.0)], live.Runs[0].Losses);
        Assert.Equal((Stage.Training, StageStatus.Sent), (live.Runs[0].Current!.Stage, live.Runs[0].Current!.Status));
    }

    [Fact]
    public void A_training_that_begins_anew_draws_its_losses_anew()
    {
        var live = Live(Run("a"));
        foreach (var epoch in (double[])[0.5, 1, 1.5]) live.Apply(Progress("a", epoch, 1));
        live.Apply(Progress("a", 0.75, 3));
        Assert.Equal([(0.5, 1.0), (0.75, 3.0)], live.Runs[0].Losses);
    }

    [Fact]
    public void A_stage_that_failed_is_shown_with_its_reason_and_the_end_of_a_run_asks_for_the_counts()
    {
        var live = Live(Run("a"));
        live.Apply(Event("stage-ended", new() { RunId = "a", Stage = new(Stage.Training, StageStatus.Failed, 2, "The loss is not a number.") }));
        Assert.Equal("The loss is not a number.", live.Runs[0].Current!.Reason);
        Assert.True(live.Apply(Event("run-ended", new() { RunId = "a", Succeeded = false })));
        Assert.True(live.Runs[0].Run is { Ended: true, Succeeded: false });
    }

    [Fact]
    public void Events_of_runs_on_other_pages_change_nothing()
    {
        var live = Live(Run("a"));
        live.Apply(Progress("b", 1, 1));
        Assert.Equal("a", Assert.Single(live.Runs).Run.Id);
        Assert.Empty(live.Runs[0].Losses);
    }

    [Fact]
    public void A_run_that_is_retried_loses_the_losses_of_the_attempt_before()
    {
        var live = Live(Run("a"));
        live.Apply(Progress("a", 1, 1));
        live.Replace(Experiment(Run("a") with { Generation = 1 }));
        Assert.Empty(live.Runs[0].Losses);
    }

    internal static RunResponse Run(string id, string scenario = "both") => new(id, "CBF", scenario, 0, 0, false, false, 0,
        [new(Stage.Datagen, StageStatus.Done, 1, null), new(Stage.Training, StageStatus.Waiting, 0, null), new(Stage.Evaluation, StageStatus.Waiting, 0, null)],
        null, null);

    private static LiveExperiment Live(params RunResponse[] runs)
    {
        var live = new LiveExperiment();
        live.Replace(Experiment(runs));
        return live;
    }

    private static ExperimentResponse Experiment(params RunResponse[] runs) => new(
        "x", "t", default, ExperimentStatus.Running, new(runs.Length, 0, 0, 0), false, StageStatus.Waiting, null, null, 0, runs);

    private static SseItem<ExperimentEvent> Progress(string run, double epoch, double loss) => Event("progress", new()
    {
        RunId = run, Progress = new(run, Stage.Training) { Done = 1, Total = 2, Epoch = epoch, Loss = loss },
    });

    private static SseItem<ExperimentEvent> Event(string type, ExperimentEvent data) => new(data, type);
}
