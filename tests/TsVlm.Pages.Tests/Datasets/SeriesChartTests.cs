using System.Xml.Linq;
using TsVlm.Contracts.Http;
using TsVlm.Pages.Datasets;

namespace TsVlm.Pages.Tests.Datasets;

public sealed class SeriesChartTests
{
    private const double Missing = double.NaN;

    [Fact]
    public void A_line_is_broken_where_all_values_of_a_column_are_missing()
    {
        var outline = Outline(new ChannelExtremes([1, Missing, 3, 3], [1, Missing, 3, 5]));
        var path = Draw(outline).Descendants("path").Single(path => (string?)path.Attribute("class") == "one");
        var d = (string)path.Attribute("d")!;
        Assert.Equal(2, d.Count(c => c == 'M'));
        // The last column goes from its lowest to its highest value at one place in time.
        var last = d.Split('L').TakeLast(2).Select(point => point.Split(' ')[0]).ToList();
        Assert.Equal(last[0], last[1]);
    }

    [Fact]
    public void Channels_are_drawn_below_each_other_on_one_time_axis_and_names_are_text()
    {
        var svg = Draw(Outline(new ChannelExtremes([0, 1], [0, 1]), new ChannelExtremes([5, 5], [5, 5])));
        Assert.Equal(["channel 0", "channel 1"], svg.Descendants("text").Select(text => text.Value).Where(text => text.StartsWith("channel", StringComparison.Ordinal)));
        Assert.Single(svg.Descendants("text"), text => text.Value == "time step");
        Assert.Equal("<script>", (string?)svg.Attribute("aria-label"));
        Assert.Empty(svg.Descendants("script"));
    }

    [Fact]
    public void The_axis_of_a_channel_holds_every_series_and_every_band()
    {
        var scale = SeriesScale.Of(2, 1, 0, [Outline(new ChannelExtremes([-3, 0], [0, 0]))], [[new ChannelMeans([1, Missing], [4, Missing])]]);
        var (low, high) = Assert.Single(scale.Ranges);
        Assert.InRange(low, -3.5, -3);
        Assert.InRange(high, 5, 5.5);
        Assert.Equal((0, 1), SeriesScale.Of(1, 1, 0, [Outline(new ChannelExtremes([Missing], [Missing]))], []).Ranges[0]);
    }

    private static SeriesOutline Outline(params ChannelExtremes[] channels) =>
        new(7, "a", IsTraining: true, Length: channels[0].Low.Count, NumMissing: 0, StepsPerColumn: 1, FirstChannel: 0, channels);

    private static XElement Draw(SeriesOutline outline) => XElement.Parse(
        SeriesChart.Markup("<script>", "c0", SeriesScale.Of(outline.Length, 1, 0, [outline], []), [outline]).ToString());
}
