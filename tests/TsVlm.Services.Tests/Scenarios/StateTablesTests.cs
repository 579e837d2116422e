using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Scenarios;

public class StateTablesTests
{
    private static readonly StageStatus[] Statuses = Enum.GetValues<StageStatus>();

    [Fact]
    public void Tables_of_the_documentation_are_those_of_the_code()
    {
        var page = File.ReadAllText(Path.Combine(TestFolders.Repository, "docs", "api.md"));
        Assert.Contains(Table(Enum.GetValues<StageChange>(), StateTables.After, Statuses), page);
        Assert.Contains(Table(Enum.GetValues<ReportChange>(), StateTables.After, Statuses.Except([StageStatus.Cancelled])), page);
    }

    [Fact]
    public void A_stage_that_ended_changes_only_when_it_is_revived_or_its_artifact_is_lost_or_made_after_all()
    {
        var changes = from change in Enum.GetValues<StageChange>()
                      from status in (StageStatus[])[StageStatus.Done, StageStatus.Failed, StageStatus.Cancelled]
                      where StateTables.After(change, status) is not null
                      select (change, status);
        Assert.Equal(
            [
                (StageChange.Complete, StageStatus.Failed),
                (StageChange.Revive, StageStatus.Failed),
                (StageChange.Revive, StageStatus.Cancelled),
                (StageChange.Lose, StageStatus.Done),
            ],
            changes);
    }

    [Theory]
    [InlineData(RunState.Open, StageStatus.Done, StageStatus.Sent, StageStatus.Waiting)]
    [InlineData(RunState.Succeeded, StageStatus.Done, StageStatus.Done)]
    [InlineData(RunState.Failed, StageStatus.Done, StageStatus.Failed, StageStatus.Waiting)]
    [InlineData(RunState.Failed, StageStatus.Failed, StageStatus.Cancelled)]
    [InlineData(RunState.Cancelled, StageStatus.Done, StageStatus.Cancelled)]
    public void The_state_of_a_run_follows_from_its_stages(RunState expected, params StageStatus[] stages) =>
        Assert.Equal(expected, StateTables.Of(stages));

    [Theory]
    [InlineData(ExperimentStatus.Running, ExperimentIntent.Run, false, StageStatus.Waiting)]
    [InlineData(ExperimentStatus.Cancelling, ExperimentIntent.Cancel, false, StageStatus.Waiting)]
    [InlineData(ExperimentStatus.Reporting, ExperimentIntent.Cancel, true, StageStatus.Sent)]
    [InlineData(ExperimentStatus.Ended, ExperimentIntent.Run, true, StageStatus.Failed)]
    public void The_status_of_an_experiment_follows_from_its_intent_runs_and_report(
        ExperimentStatus expected, ExperimentIntent intent, bool allEnded, StageStatus report) =>
        Assert.Equal(expected, StateTables.Of(intent, allEnded, report));

    private static string Table<T>(IEnumerable<T> changes, Func<T, StageStatus, StageStatus?> after, IEnumerable<StageStatus> statuses)
        where T : struct, Enum
    {
        List<StageStatus> columns = [.. statuses];
        var rows = changes.Select(change => $"| {change} | {string.Join(" | ", columns.Select(from => $"{after(change, from)}"))} |"
            .Replace("  ", " ", StringComparison.Ordinal).ToLowerInvariant());
        return string.Join('\n', rows);
    }
}
