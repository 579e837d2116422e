using System.Net;
using Bunit;
using TsVlm.Cli.Hosting;
using TsVlm.Evaluation.Comparison;
using TsVlm.Web.Comparisons;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Comparisons;

/// <summary>The page over the API of a real server.</summary>
public sealed class ComparePageTests(LocalServer server) : PageContext(server)
{
    [Fact]
    public void Classifiers_of_an_experiment_are_compared_with_the_one_that_the_address_names()
    {
        var page = Open($"compare?experiments={Server.Experiment}&reference=probe");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("#ranks tbody tr").Count), LongEnough);
        Assert.Contains("2 classifiers on 1 data set", page.Find("#summary").TextContent);
        Assert.Equal("probe", page.Find("select").GetAttribute("value"));
        // Other tests may have ended experiments of their own.
        Assert.Single(page.FindAll("input[type=checkbox]"), box => box.HasAttribute("checked"));
        Assert.StartsWith("compare?experiments=", page.Find("#accuracy p a").GetAttribute("href"));
    }

    [Fact]
    public void A_reference_that_is_not_there_is_refused_in_words()
    {
        var page = Open($"compare?experiments={Server.Experiment}&reference=nobody");
        page.WaitForAssertion(() => Assert.Contains("nobody", page.Find("[role=alert]").TextContent), LongEnough);
        Assert.Empty(page.FindAll("#ranks"));
    }

    [Fact]
    public void An_experiment_that_is_not_there_is_refused_in_the_words_of_the_server()
    {
        var page = Open("compare?experiments=nothing");
        page.WaitForAssertion(() => Assert.Contains("Expected the id of an experiment, found 'nothing'", page.Find("[role=alert]").TextContent), LongEnough);
    }

    [Fact]
    public void Runs_are_tested_against_those_of_the_reference_by_their_predictions()
    {
        var page = Open($"compare?experiments={Server.Experiment}&reference=1nn-ed");
        var row = page.WaitForElement("#paired tbody tr", LongEnough);
        Assert.Contains("Shapes", row.TextContent);
        // Cases that one of the two alone has right, and an exact P.
        Assert.Matches(@"\d+ : \d+, P [01]\.\d{3}", row.TextContent);
        Assert.NotEmpty(page.FindAll("#failures"));
    }

    [Fact]
    public void Scenarios_that_differ_in_nothing_are_not_grouped()
    {
        var page = Open($"compare?experiments={Server.Experiment}");
        page.WaitForAssertion(() => Assert.Contains("do not differ in a setting", page.Find("#settings").TextContent), LongEnough);
    }

    [Fact]
    public async Task The_files_are_those_of_the_command_on_the_same_results()
    {
        await using var pages = LocalPages.Build(Server.Address, LocalServer.Key, 0, verbose: false);
        await pages.StartAsync(Now);
        using var http = new HttpClient { BaseAddress = new(pages.Urls.First()) };
        var query = $"?experiments={Server.Experiment}&reference=probe";
        var html = await http.GetStringAsync($"files/compare/compare.html{query}", Now);
        using (var compared = await ComparedExperiments.Fetch(Server.Client, [Server.Experiment], Now))
        {
            var comparison = compared.Compare("probe");
            var tests = await compared.Test(Server.Client, comparison, Now);
            Assert.NotEmpty(tests.All);
            using var output = new StringWriter();
            ComparisonTables.Paired(tests, comparison.Reference, output);
            Assert.Equal(output.ToString(), await http.GetStringAsync($"files/compare/paired.csv{query}", Now));
        }
        Assert.Contains("Where it fails", html);
        Assert.Contains($"compare?experiments={Server.Experiment}&amp;reference=probe", html);
        Assert.DoesNotContain("<script src", html);
        using var other = await http.GetAsync($"files/compare/other.csv{query}", Now);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using var nobody = await http.GetAsync($"files/compare/compare.html?experiments={Server.Experiment}&reference=nobody", Now);
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        Assert.Contains("nobody", await nobody.Content.ReadAsStringAsync(Now));
    }

    private IRenderedComponent<ComparePage> Open(string address) => Open<ComparePage>(address);
}
