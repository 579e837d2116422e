using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Representations.Rationales;
using TsVlm.Tests;
using TsVlm.Web.Access;
using TsVlm.Web.Rationales;

namespace TsVlm.Web.Tests.Rationales;

public sealed class RationalesPageTests : BunitContext
{
    private const string Header = "dataset,case,class,rationale,accepted\n";
    private const string Lines = Header + "CBF,0,bell,rises slowly,yes\nCBF,1,funnel,it is a funnel,no\nCBF,2,bell,,no\n";
    private readonly TemporaryFolder folder = new();

    public RationalesPageTests()
    {
        Services.AddSingleton(new WebSettings(new("http://127.0.0.1:1"), null, NeedsSignIn: false) { RationaleFolder = folder.Path });
        File.WriteAllText(folder.File("cbf.csv"), Lines);
        File.WriteAllText(folder.File("other.csv"), "label,t0\na,1\n");
    }

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void Only_files_of_rationales_can_be_chosen()
    {
        Assert.Equal(["", "cbf.csv"], Open("").FindAll("#file option").Select(option => option.GetAttribute("value")));
        var other = Open("?file=..%2Fcbf.csv");
        Assert.Contains("expected a file of rationales named cbf.csv, found '../cbf.csv'", other.Find("[role=alert]").TextContent);
    }

    [Fact]
    public void A_line_is_accepted_edited_and_rejected_in_the_file()
    {
        var page = Open("?file=cbf.csv");
        Assert.Equal(3, page.FindAll("article").Count);
        Assert.Contains("names its class", page.FindAll("article")[1].TextContent);
        page.FindAll("article textarea")[1].Change("opens\nsuddenly");
        page.FindAll("article input")[1].Change(true);
        page.FindAll("article input")[0].Change(false);
        Assert.Equal(Header + "CBF,0,bell,rises slowly,no\nCBF,1,funnel,opens suddenly,yes\nCBF,2,bell,,no\n", File.ReadAllText(folder.File("cbf.csv")));
        Assert.Equal([false, true, false], RationaleFile.Read(folder.File("cbf.csv")).Rationales.Select(r => r.IsAccepted));
        Assert.Single(Directory.GetFiles(folder.Path, "cbf*"));
    }

    [Fact]
    public void A_line_without_words_is_not_accepted()
    {
        var page = Open("?file=cbf.csv");
        page.FindAll("article input")[2].Change(true);
        Assert.Contains("cbf.csv(4): expected a text to accept, found none", page.Find("[role=alert]").TextContent);
        Assert.Equal(Lines, File.ReadAllText(folder.File("cbf.csv")));
    }

    [Fact]
    public void A_file_that_another_program_changed_is_left_as_it_is()
    {
        var page = Open("?file=cbf.csv");
        File.WriteAllText(folder.File("cbf.csv"), Header);
        page.FindAll("article input")[0].Change(false);
        Assert.Contains("found that another program changed it", page.Find("[role=alert]").TextContent);
        Assert.Equal(Header, File.ReadAllText(folder.File("cbf.csv")));
    }

    [Theory]
    [InlineData("&show=rejected", 2)]
    [InlineData("&q=SLOWLY", 1)]
    [InlineData("&q=bell&show=accepted", 1)]
    [InlineData("&q=nothing", 0)]
    public void Lines_are_found_by_class_words_and_whether_they_are_accepted(string query, int expected) =>
        Assert.Equal(expected, Open($"?file=cbf.csv{query}").FindAll("article").Count);

    [Fact]
    public void A_bad_line_is_told_by_file_and_line()
    {
        File.WriteAllText(folder.File("cbf.csv"), Lines + "CBF,3,bell,falls,perhaps\n");
        Assert.Contains("cbf.csv(5): expected accepted to be yes, no", Open("?file=cbf.csv").Find("[role=alert]").TextContent);
    }

    [Fact]
    public void A_text_that_a_spreadsheet_would_run_stays_escaped_where_it_was()
    {
        var escaped = new RationaleFile([new("CBF", 0, "bell", "=1+1", true), new("CBF", 1, "bell", "b", true)]).EscapedText;
        File.WriteAllText(folder.File("cbf.csv"), escaped);
        Open("?file=cbf.csv").FindAll("article input")[1].Change(false);
        Assert.Equal(escaped.Replace("CBF,1,bell,b,yes", "CBF,1,bell,b,no"), File.ReadAllText(folder.File("cbf.csv")));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) folder.Dispose();
    }

    private IRenderedComponent<RationalesPage> Open(string query)
    {
        Navigation.NavigateTo($"rationales{query}");
        return Render<RationalesPage>();
    }
}
