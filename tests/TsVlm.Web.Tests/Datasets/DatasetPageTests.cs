using Bunit;
using TsVlm.Web.Datasets;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Datasets;

public sealed class DatasetPageTests(LocalServer server) : PageContext(server)
{
    [Fact]
    public void The_list_has_the_size_of_each_data_set_of_the_catalog()
    {
        var page = Open<DataPage>("data");
        page.WaitForAssertion(() => Assert.Equal(["48", "18", "3", "1", "128", "0", "0"], page.FindAll("table.datasets tbody td").Select(cell => cell.TextContent)), LongEnough);
        Assert.Equal($"data/{LocalServer.Dataset}", page.Find("table.datasets a").GetAttribute("href"));
    }

    [Fact]
    public void A_data_set_is_shown_by_class_with_means_and_a_name_that_is_a_script_stays_text()
    {
        var page = Open("data/Shapes");
        Assert.Equal(3, page.FindAll("#classes figure").Count);
        Assert.Equal(3, page.FindAll("svg.series .class-mean").Count);
        Assert.Equal(12, page.FindAll("svg.series .one").Count);
        Assert.Contains(LocalServer.HostileLabel, page.FindAll("table.classes tbody th").Select(cell => cell.TextContent));
        Assert.Empty(page.FindAll("script, img"));
    }

    [Fact]
    public void The_series_of_a_class_are_shown_one_by_one()
    {
        var page = Open("data/Shapes?class=cylinder&offset=12");
        var captions = page.FindAll("#classes figcaption").Select(caption => caption.TextContent).ToList();
        Assert.NotEmpty(captions);
        Assert.All(captions, caption => Assert.Contains("128 time steps", caption));
        Assert.StartsWith("13 to", page.Find("#classes .pager span").TextContent);
    }

    [Fact]
    public void Classes_have_the_same_axis_of_values_unless_each_is_to_have_its_own()
    {
        static string[] Grids(IRenderedComponent<DatasetPage> page) => [.. page.FindAll("svg.series").Select(svg =>
            string.Join(' ', svg.QuerySelectorAll("path.grid").Select(line => line.GetAttribute("d"))))];
        Assert.Single(Grids(Open("data/Shapes")).Distinct());
        Assert.True(Grids(Open("data/Shapes?axes=own")).Distinct().Count() > 1);
    }

    [Theory]
    [InlineData("data/Shapes?class=nobody", "Expected a class of Shapes, found 'nobody'")]
    [InlineData("data/Shapes?content=0123", "contentHash: expected 64 lower-case hexadecimal digits, found '0123'")]
    public void Parts_that_are_not_there_are_refused_in_the_words_of_the_server(string address, string expected)
    {
        var page = Open<DatasetPage>(address, (nameof(DatasetPage.Name), "Shapes"));
        page.WaitForAssertion(() => Assert.Contains(expected, page.Find("[role=alert]").TextContent), LongEnough);
    }

    [Fact]
    public void An_audit_shows_its_findings()
    {
        var page = Open("data/Shapes?audit=probe");
        page.WaitForAssertion(() => Assert.Contains("official-0", page.Find("table.finding").TextContent), LongEnough);
        Assert.Contains("48 + 18 cases, 3 classes", page.Find("#findings summary").TextContent);
        Assert.Equal("Audit", page.Find("#audit-start").TextContent);
    }

    private IRenderedComponent<DatasetPage> Open(string address)
    {
        var page = Open<DatasetPage>(address, (nameof(DatasetPage.Name), "Shapes"));
        page.WaitForElement("#classes", LongEnough);
        return page;
    }
}
