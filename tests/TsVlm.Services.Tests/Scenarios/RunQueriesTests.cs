using TsVlm.Contracts;
using TsVlm.Scenarios.State;

namespace TsVlm.Services.Tests.Scenarios;

public sealed class RunQueriesTests : RunStateTests
{
    [Fact]
    public async Task Runs_that_are_done_or_failed_are_not_open()
    {
        await Experiments.Submit("e", [Run("waits"), Run("half"), Baseline("done"), Run("failed"), Baseline("waits")], Stop);
        await Experiments.Submit("other", [Baseline("other")], Stop);
        await Stages.MarkDone(Run("half").Id, Stage.Datagen, Stop);
        await Stages.MarkDone(Baseline("done").Id, Stage.Evaluation, Stop);
        await Stages.MarkFailed(Run("failed").Id, Stage.Training, "no memory", Stop);
        var open = await new RunQueries(Databases).Open("e", Stop);
        Assert.Equal([Run("waits").Id, Run("half").Id, Baseline("waits").Id], open.Select(run => run.Id));
        Assert.Empty(await new RunQueries(Databases).Open("nothing", Stop));
    }
}
