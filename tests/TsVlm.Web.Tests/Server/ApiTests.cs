using System.Net;
using System.Text.Json.Nodes;
using TsVlm.Client;

namespace TsVlm.Web.Tests.Server;

/// <summary>What the API has for the pages.</summary>
public sealed class ApiTests(LocalServer server)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Presets_are_listed_with_a_grid_that_can_be_submitted()
    {
        var presets = await server.Client.ListPresets(Now);
        Assert.Contains(presets.Items, preset => preset is { Name: "quick", Description.Length: > 0 });
        foreach (var preset in presets.Items)
        {
            var plan = await server.Client.Plan(LocalServer.Submission with { Grid = preset.Grid.DeepClone() }, Now);
            Assert.True(plan.NumRuns > 0, preset.Name);
        }
    }

    [Fact]
    public async Task A_plan_is_the_experiment_that_its_submission_would_be()
    {
        var plan = await server.Client.Plan(LocalServer.Submission, Now);
        Assert.Equal(server.Experiment, plan.Id);
        Assert.Equal((2, 2), (plan.NumRuns, plan.NumCached));
        Assert.Equal(0, plan.SecondsLeft);
        Assert.Equal([LocalServer.Dataset], plan.Datasets);
        Assert.Equal(["baseline:1nn-ed", "probe"], plan.Scenarios);
    }

    [Fact]
    public async Task A_plan_states_the_time_that_earlier_runs_of_the_same_scenarios_took()
    {
        var twoSeeds = await server.Client.Plan(LocalServer.Submission with { Seeds = [0, 1] }, Now);
        Assert.Equal((3, 2), (twoSeeds.NumRuns, twoSeeds.NumCached));
        var result = await server.Client.Results(server.Experiment, Now).SingleAsync(r => r.Run.ScenarioName == "probe", Now);
        Assert.Equal(result.TrainSeconds + result.EvalSeconds, twoSeeds.SecondsLeft!.Value, 9);
        var unknown = await server.Client.Plan(LocalServer.Submission with { Grid = "quick" }, Now);
        Assert.Null(unknown.SecondsLeft);
    }

    [Fact]
    public async Task An_experiment_that_has_ended_takes_no_time_any_more_and_one_that_is_not_there_is_refused()
    {
        Assert.Equal(new(0, 0), await server.Client.TimeLeft(server.Experiment, Now));
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<ServerException>(() => server.Client.TimeLeft("nothing", Now))).Status);
    }

    [Fact]
    public async Task A_plan_records_nothing()
    {
        var before = await server.Client.ListExperiments(Now);
        var plan = await server.Client.Plan(LocalServer.Submission with { Seeds = [7] }, Now);
        Assert.Equal(before.Total, (await server.Client.ListExperiments(Now)).Total);
        await Assert.ThrowsAsync<ServerException>(() => server.Client.ShowExperiment(plan.Id, Now));
    }

    [Theory]
    [InlineData("""{ "name": "x", "scenarios": [ { "name": "a", "recipe": { "epochs": -1 } } ] }""")]
    [InlineData("""{ "name": "x", "scenarios": [ { "nam": "a" } ] }""")]
    [InlineData("\"no-such-preset\"")]
    public async Task A_plan_is_refused_with_the_words_of_the_submission(string grid)
    {
        var submission = LocalServer.Submission with { Grid = JsonNode.Parse(grid)! };
        var planned = await Assert.ThrowsAsync<ServerException>(() => server.Client.Plan(submission, Now));
        var submitted = await Assert.ThrowsAsync<ServerException>(() => server.Client.Submit(submission, Now));
        Assert.Equal(submitted.Message, planned.Message);
        Assert.Equal(HttpStatusCode.BadRequest, planned.Status);
    }

    [Theory]
    [InlineData("SHAPES", true)]
    [InlineData("by probe", true)]
    [InlineData("%", false)]
    [InlineData("shapes_by", false)]
    public async Task Experiments_are_found_by_a_part_of_their_title_in_any_case(string search, bool isFound) =>
        Assert.Equal(isFound, (await server.Client.ListExperiments(Now, search: search)).Items.Any(e => e.Id == server.Experiment));

    [Fact]
    public async Task Experiments_are_found_by_the_beginning_of_their_id_and_by_whether_they_ended()
    {
        Assert.Equal(server.Experiment, Assert.Single((await server.Client.ListExperiments(Now, search: server.Experiment[..8])).Items).Id);
        Assert.Contains((await server.Client.ListExperiments(Now, ended: true)).Items, e => e.Id == server.Experiment);
        Assert.DoesNotContain((await server.Client.ListExperiments(Now, ended: false)).Items, e => e.Id == server.Experiment);
    }

    [Fact]
    public async Task A_data_set_is_told_class_by_class_and_each_series_in_as_many_columns_as_asked_for()
    {
        var details = await server.Client.ShowDataset(LocalServer.Dataset, null, Now, offset: 1, limit: 1, columns: 32);
        Assert.Equal((48, 18, 3, 128, 4), (details.NumTrain, details.NumTest, details.NumClasses, details.MaxLength, details.StepsPerColumn));
        Assert.Equal(32, Assert.Single(Assert.Single(details.Classes).Means).Mean.Count);
        var stored = await server.Client.ShowSeries(LocalServer.Dataset, details.ContentHash, Now, number: 50, columns: 32);
        var outline = Assert.Single(stored.Items);
        Assert.Equal((50, false, 32), (outline.Case, outline.IsTraining, outline.Channels[0].Low.Count));
        var whole = Assert.Single((await server.Client.ShowSeries(LocalServer.Dataset, null, Now, number: 50, columns: 200)).Items);
        Assert.Equal(whole.Channels[0].Low.Take(4).Min(), outline.Channels[0].Low[0]);
        Assert.Equal(whole.Channels[0].Low.Take(4).Max(), outline.Channels[0].High[0]);
        Assert.Equal(whole.Channels[0].Low, whole.Channels[0].High);
    }

    [Theory]
    [InlineData("columns=0", "columns: expected 1 to 1000, found 0.")]
    [InlineData("columns=1001", "columns: expected 1 to 1000, found 1001.")]
    [InlineData("channel=-1", "channel: expected 0 or more, found -1.")]
    [InlineData("limit=25", "limit: expected 1 to 24, found 25.")]
    [InlineData("case=66", "case: expected 0 to 65, found 66.")]
    public async Task A_view_out_of_bounds_is_refused(string query, string expected)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", LocalServer.Key) } };
        var answer = await http.GetStringAsync(new Uri(server.Address, $"/datasets/{LocalServer.Dataset}/details"), Now);
        Assert.Contains("contentHash", answer);
        using var refused = await http.GetAsync(new Uri(server.Address, $"/datasets/{LocalServer.Dataset}/series?{query}"), Now);
        Assert.Contains(expected, await refused.Content.ReadAsStringAsync(Now));
    }

    [Fact]
    public async Task A_name_that_leads_out_of_the_folder_is_no_data_set()
    {
        var error = await Assert.ThrowsAsync<ServerException>(() => server.Client.ShowDataset("..\\data", null, Now));
        Assert.Contains("expected the name of a data set inside the folder", error.Message);
    }

    [Fact]
    public async Task A_sample_is_what_the_model_of_a_run_is_given()
    {
        var runs = (await server.Client.ShowExperiment(server.Experiment, Now)).Runs;
        var probe = await server.Client.ShowRun(runs.Single(run => run.Scenario == "probe").Id, Now);
        Assert.Equal("probe", probe.Run!.ScenarioName);
        var sample = await server.Client.ShowSample(probe.Id, 48, Now);
        Assert.Equal(48, sample.Case);
        Assert.Equal((byte[])[0x89, (byte)'P', (byte)'N', (byte)'G'], sample.Image![..4]);
        Assert.Contains("<image>", sample.Prompt);
        foreach (var number in (int[])[0, 9999])
            Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<ServerException>(() => server.Client.ShowSample(probe.Id, number, Now))).Status);
        var baseline = runs.Single(run => run.Scenario != "probe").Id;
        Assert.Contains("expected dataset or evaluation", (await Assert.ThrowsAsync<ServerException>(() => server.Client.ShowSample(baseline, 48, Now))).Message,
            StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<ServerException>(() => server.Client.ShowRun("no-run", Now))).Status);
    }
}
