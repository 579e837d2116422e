using Bunit;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Contracts;
using TsVlm.Data.Canonical;
using TsVlm.Data.Generators;
using TsVlm.Experiments.Grid;
using TsVlm.Web.Access;
using TsVlm.Web.Runs;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Runs;

public sealed class RunPageTests(LocalServer server) : PageContext(server)
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Theory]
    [InlineData("probe", new[] { "probe" })]
    [InlineData("baseline:1nn-ed", new[] { "baseline:1nn-ed", "control" })]   // a grid has at least one scenario
    public async Task The_request_and_the_grid_ask_for_this_run_and_no_other(string scenario, string[] expected)
    {
        var run = await Spec(scenario);
        var plan = await Server.Client.Plan(RunRepeat.Submission(run), Now);
        Assert.Equal(1, plan.NumCached);
        Assert.Equal(expected, plan.Scenarios);
        var grid = ScenarioGrid.Parse(RunRepeat.GridText(run), "grid.json");
        Assert.Equal(expected[^1], Assert.Single(GridExpansion.Of(grid).Scenarios).Name);
        Assert.Equal(run.Baseline, grid.Baselines.SingleOrDefault());
    }

    [Fact]
    public async Task The_page_shows_the_command_and_no_request_where_nobody_else_can_ask()
    {
        Services.AddSingleton(new WebSettings(Server.Address, LocalServer.Key, NeedsSignIn: false) { IsOneMachine = true });
        var run = await Spec("probe");
        var page = Open<RunPage>("", (nameof(RunPage.Experiment), Server.Experiment), (nameof(RunPage.Id), run.Id));
        var command = page.WaitForElement("#command", LongEnough).TextContent;
        Assert.Equal("tsvlm run --data DIR --datasets Shapes --scenarios grid.json --protocol official --resamples 0 --seed 0", command);
        Assert.Empty(page.FindAll("#request, #trace"));
    }

    [Fact]
    public void A_built_in_data_set_needs_no_folder_and_one_of_its_name_does()
    {
        var built = new DatasetReference("CBF", DatasetFile.ContentHash(BuiltInDatasets.Generate("CBF")));
        Assert.True(RunRepeat.IsBuiltIn(built));
        Assert.False(RunRepeat.IsBuiltIn(built with { ContentHash = "another" }));
    }

    [Theory]
    [InlineData("GunPoint", "GunPoint")]
    [InlineData("it's; rm -rf", "'it'\\''s; rm -rf'")]
    [InlineData("", "''")]
    public void A_name_is_one_word_of_a_shell(string name, string expected) => Assert.Equal(expected, RunRepeat.Quoted(name));

    [Fact]
    public async Task A_trace_leads_to_the_viewer_that_is_set()
    {
        Services.AddSingleton(new WebSettings(Server.Address, LocalServer.Key, NeedsSignIn: false) { TraceAddress = "https://traces/{traceId}?a=b" });
        var run = await Spec("probe");
        var section = Render<RepeatRun>(p => p.Add(s => s.Run, run).Add(s => s.TraceId, TraceId));
        Assert.Equal($"https://traces/{TraceId}?a=b", section.Find("#trace").GetAttribute("href"));
        Assert.Contains("$server/experiments", section.Find("#request").TextContent);
    }

    private async Task<RunSpec> Spec(string scenario) =>
        (await Server.Client.ShowExperiment(Server.Experiment, Now, specs: true)).Runs.Single(run => run.Scenario == scenario).Run!;
}
