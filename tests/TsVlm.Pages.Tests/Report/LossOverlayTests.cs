using System.Xml.Linq;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Tests.Report;

public sealed class LossOverlayTests
{
    [Fact]
    public void Runs_are_drawn_by_epoch_on_one_axis_without_their_refit()
    {
        TrainingLogRow[] first = [new(1, 0.5, 1, 2, null), new(2, 1, 1, 1, 1.5), new(1, 4, 1, 9, null) { IsRefit = true }];
        TrainingLogRow[] second = [new(1, 1, 1, 3, null), new(2, 2, 1, double.NaN, 0.5)];
        var chart = XElement.Parse($"<div>{LossOverlay.Markup([("a <b>", first), ("probe", []), ("c", second)])}</div>");
        Assert.Equal(["a <b>", "c"], chart.Descendants("span").Select(name => name.Value));
        // Colours are those of the places among the chosen runs, so that leaving one out changes no other.
        Assert.Equal(["c0", "c2"], chart.Descendants("g").Select(run => (string?)run.Attribute("class")));
        Assert.Equal("Loss by epoch of 2 runs", (string?)chart.Element("svg")!.Attribute("aria-label"));
        Assert.DoesNotContain(chart.Descendants("text"), tick => tick.Value is "4" or "9");
    }

    [Fact]
    public void Runs_without_losses_are_told() => Assert.Contains("None of these runs", LossOverlay.Markup([("probe", [])]).ToString());
}
