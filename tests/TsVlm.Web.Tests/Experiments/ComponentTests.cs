using Bunit;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Web.Experiments;
using TsVlm.Web.Layout;

namespace TsVlm.Web.Tests.Experiments;

public sealed class ComponentTests : BunitContext
{
    private const string Hostile = "<script>hacked()</script>";

    [Fact]
    public void A_run_is_shown_with_its_stage_progress_epoch_and_loss()
    {
        var run = new LiveRun(LiveExperimentTests.Run("a"));
        run.Note(new StageProgressed("a", Stage.Training) { Done = 1, Total = 4, Epoch = 0.5, Loss = 1.25 });
        run.Note(new StageProgressed("a", Stage.Training) { Done = 2, Total = 4, Epoch = 1, Loss = 0.75 });
        var table = Table(run);
        Assert.Equal("training", table.Find(".badge").TextContent);
        Assert.Equal("width:50%", table.Find(".progress .done").GetAttribute("style"));
        Assert.Contains("1.0", table.Find("tbody tr").TextContent);
        Assert.Equal("Training loss from 1.250 to 0.750", table.Find("svg.spark").GetAttribute("aria-label"));
    }

    [Fact]
    public void Names_and_reasons_are_text()
    {
        var run = new LiveRun(LiveExperimentTests.Run("a", Hostile));
        run.Note(new StageState(Stage.Training, StageStatus.Failed, 1, Hostile));
        var table = Table(run);
        Assert.Empty(table.FindAll("script"));
        Assert.Equal(Hostile, table.Find("tbody a").TextContent);
        Assert.Equal(Hostile, table.Find(".reason").TextContent);
        Assert.Equal("failed in training", table.Find(".badge").TextContent);
    }

    [Fact]
    public void A_question_is_asked_before_something_is_done()
    {
        var done = 0;
        var button = Render<ConfirmButton>(p => p.Add(b => b.Label, "Cancel").Add(b => b.Question, "Really?").Add(b => b.OnConfirm, () => { done++; }));
        button.Find("button").Click();
        Assert.Equal(0, done);
        button.FindAll("button")[^1].Click();
        Assert.Equal("Cancel", Assert.Single(button.FindAll("button")).TextContent);
        button.Find("button").Click();
        button.Find("button.danger").Click();
        Assert.Equal(1, done);
    }

    [Theory]
    [InlineData(0, 10, new string[0])]
    [InlineData(0, 60, new[] { "next" })]
    [InlineData(25, 60, new[] { "prev", "next" })]
    [InlineData(50, 60, new[] { "prev" })]
    public void A_list_leads_to_the_parts_before_and_after(int offset, int total, string[] expected)
    {
        var pager = Render<Pager>(p => p.Add(x => x.Total, total).Add(x => x.Offset, offset).Add(x => x.Size, 25).Add(x => x.AddressOf, at => $"?offset={at}"));
        Assert.Equal(expected, pager.FindAll("a").Select(a => a.GetAttribute("rel")));
    }

    [Theory]
    [InlineData(ExperimentStatus.Running, 0, 0, StageStatus.Waiting, "running")]
    [InlineData(ExperimentStatus.Reporting, 0, 0, StageStatus.Sent, "writing the report")]
    [InlineData(ExperimentStatus.Ended, 1, 0, StageStatus.Done, "ended, with failures")]
    [InlineData(ExperimentStatus.Ended, 0, 0, StageStatus.Failed, "report failed")]
    [InlineData(ExperimentStatus.Ended, 0, 2, StageStatus.Done, "cancelled")]
    [InlineData(ExperimentStatus.Ended, 0, 0, StageStatus.Done, "finished")]
    public void A_status_is_a_word(ExperimentStatus status, int failed, int cancelled, StageStatus report, string expected) => Assert.Equal(expected,
        Render<StatusBadge>(p => p.Add(b => b.Status, status).Add(b => b.Counts, new(4, 4 - failed - cancelled, failed, cancelled)).Add(b => b.Report, report))
            .Find(".badge").TextContent);

    private IRenderedComponent<RunTable> Table(LiveRun run) =>
        Render<RunTable>(p => p.Add(t => t.Runs, [run]).Add(t => t.LinkOf, r => $"runs/{r.Id}"));
}
