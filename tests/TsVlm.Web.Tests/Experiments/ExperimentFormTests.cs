using TsVlm.Web.Experiments;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Experiments;

public sealed class ExperimentFormTests(LocalServer server)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_duplicate_is_the_same_experiment()
    {
        var shown = await server.Client.ShowExperiment(server.Experiment, Now, specs: true);
        var form = ExperimentForm.Of(shown.Title, [.. shown.Runs.Select(run => run.Run!)], [LocalServer.Dataset]);
        var (submission, error) = form.ToSubmission();
        Assert.Null(error);
        Assert.Equal(server.Experiment, (await server.Client.Plan(submission!, Now)).Id);
    }

    [Fact]
    public async Task A_data_set_that_is_not_in_the_catalog_is_named_by_its_content()
    {
        var shown = await server.Client.ShowExperiment(server.Experiment, Now, specs: true);
        var form = ExperimentForm.Of(shown.Title, [.. shown.Runs.Select(run => run.Run!)], []);
        Assert.Equal(LocalServer.Dataset, Assert.Single(form.Stored).Name);
        Assert.Equal(server.Experiment, (await server.Client.Plan(form.ToSubmission().Submission!, Now)).Id);
    }

    [Fact]
    public void A_form_without_data_sets_says_so() => Assert.Contains("data sets: expected one or more", new ExperimentForm().ToSubmission().Error);

    [Fact]
    public void A_grid_that_is_no_JSON_is_refused_with_its_line()
    {
        var form = new ExperimentForm { Datasets = ["A"], Preset = null, Json = "{\n  \"name\": }" };
        Assert.Equal("grid(2): expected JSON, found something else at column 11.", form.ToSubmission().Error);
    }

    [Fact]
    public void Seeds_and_resamples_are_submitted_as_numbers()
    {
        var (submission, _) = new ExperimentForm { Datasets = ["A"], Seeds = "0..2", Resamples = "1" }.ToSubmission();
        Assert.Equal([0, 1, 2], submission!.Seeds);
        Assert.Equal([1], submission.Resamples);
        Assert.Equal(ExperimentForm.DefaultPreset, (string)submission.Grid!);
    }
}
