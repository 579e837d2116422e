using Bunit;
using TsVlm.Contracts.Http;
using TsVlm.Web.Runs;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Runs;

public sealed class SamplesPageTests(LocalServer server) : PageContext(server)
{
    [Fact]
    public async Task The_series_is_drawn_beside_the_image_and_the_prompt_is_counted_in_tokens()
    {
        var page = await Open("?case=50");
        page.WaitForElement("#series svg .one", LongEnough);
        Assert.Contains("128 time steps", page.Find("#series").TextContent);
        page.WaitForElement("article img", LongEnough);
        Assert.Matches(@"[1-9]\d* tokens of text and [1-9]\d* of images, [1-9]\d* characters", page.Find("article h2").TextContent);
    }

    [Fact]
    public async Task Another_run_on_the_same_cases_is_shown_beside_it()
    {
        var baseline = (await Runs()).Single(run => run.Scenario != "probe");
        var page = await Open($"?case=50&with={baseline.Id}");
        page.WaitForAssertion(() => Assert.Equal(["probe, seed 0", "baseline:1nn-ed, seed 0"], page.FindAll("article h2.of").Select(h => h.TextContent)), LongEnough);
        Assert.Contains("a baseline reads the series itself", page.FindAll("article")[1].TextContent);
        Assert.Equal(baseline.Id, page.Find("#with").GetAttribute("value"));
    }

    [Fact]
    public async Task Cases_are_chosen_by_their_confidence()
    {
        var cases = await RunDownload.Predictions(Server.Client, (await Probe()).Id, Now);
        var middle = cases.Select(one => 100 * one.Confidence).Order().ElementAt(cases.Count / 2);
        var expected = cases.Count(one => 100 * one.Confidence >= middle);
        Assert.InRange(expected, 1, cases.Count - 1);
        var page = await Open(FormattableString.Invariant($"?from={middle:R}"));
        page.WaitForAssertion(() => Assert.EndsWith($"1 of {expected}", page.Find(".steps span").TextContent), LongEnough);
        var none = await Open("?from=60&to=10");
        none.WaitForAssertion(() => Assert.Contains("No test case matches", none.Markup), LongEnough);
    }

    private async Task<IRenderedComponent<SamplesPage>> Open(string query) => Open<SamplesPage>($"samples{query}",
        (nameof(SamplesPage.Experiment), Server.Experiment), (nameof(SamplesPage.Id), (await Probe()).Id));

    private async Task<RunResponse> Probe() => (await Runs()).Single(run => run.Scenario == "probe");

    private async Task<IReadOnlyList<RunResponse>> Runs() => (await Server.Client.ShowExperiment(Server.Experiment, Now)).Runs;
}
