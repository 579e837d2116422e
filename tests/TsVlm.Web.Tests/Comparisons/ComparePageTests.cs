using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Web.Access;
using TsVlm.Web.Comparisons;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Comparisons;

/// <summary>The page over the API of a real server.</summary>
public sealed class ComparePageTests : BunitContext
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);
    private readonly LocalServer server;

    public ComparePageTests(LocalServer server)
    {
        this.server = server;
        Services.AddSingleton(new WebSettings(server.Address, LocalServer.Key, NeedsSignIn: false)).AddSingleton(TimeProvider.System)
            .AddScoped<ServerSession>();
        this.AddAuthorization();
    }

    [Fact]
    public void Classifiers_of_an_experiment_are_compared_with_the_one_that_the_address_names()
    {
        var page = Open($"compare?experiments={server.Experiment}&reference=probe");
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
        var page = Open($"compare?experiments={server.Experiment}&reference=nobody");
        page.WaitForAssertion(() => Assert.Contains("nobody", page.Find("[role=alert]").TextContent), LongEnough);
        Assert.Empty(page.FindAll("#ranks"));
    }

    [Fact]
    public void An_experiment_that_is_not_there_is_refused_in_the_words_of_the_server()
    {
        var page = Open("compare?experiments=nothing");
        page.WaitForAssertion(() => Assert.Contains("Expected the id of an experiment, found 'nothing'", page.Find("[role=alert]").TextContent), LongEnough);
    }

    private IRenderedComponent<ComparePage> Open(string address)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<ComparePage>();
    }
}
