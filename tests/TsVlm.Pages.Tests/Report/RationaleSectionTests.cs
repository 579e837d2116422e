using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Documents;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Tests.Report;

public class RationaleSectionTests
{
    private static readonly RationaleSettings First = new() { Order = RationaleOrder.RationaleFirst };

    [Fact]
    public void Without_rationales_the_report_has_no_such_section()
    {
        var comparison = new ScenarioComparison([Run("answer", null, 0.5)]);
        Assert.Equal("", Page(comparison).Trim());
    }

    [Fact]
    public void Validation_selects_among_scenarios_that_are_the_same_but_for_their_rationales()
    {
        var comparison = new ScenarioComparison(
        [
            Run("answer", null, 0.5), Run("first", new(), 0.7), Run("dropped", new(), 0.4, new() { RationaleDropout = 0.5 }),
            Run("behind", First, 0.6),
            Run("other", null, 0.1, new() { Epochs = 7 }), ReportSamples.Finished(ReportSamples.Baseline("A", "1nn-ed"), 0.9),
        ]);
        var family = Assert.Single(RationaleSection.Families(Assert.Single(comparison.Groups)));
        Assert.Equal(["answer", "first", "dropped", "behind"], family.Select(run => run.Run.ScenarioName));
        Assert.Equal("dropped", RationaleSection.Selected(family)!.Run.ScenarioName);
        var page = Page(comparison);
        Assert.Equal(2, page.Count(c => c == '◆'));   // in the explanation, and once in the table
        Assert.Contains("0.400 ◆", page);
    }

    [Fact]
    public void The_exchange_of_rationales_is_shown_where_they_come_first_only()
    {
        var (first, behind) = (Run("first", new(), 0.7), Run("behind", First, 0.6));
        behind = behind with { Metrics = behind.Metrics! with { RationaleSwap = new(40, 0.625, 0.5) } };
        var page = Page(new ScenarioComparison([first, behind]));
        Assert.Contains("<td class=\"n\">62.5 %</td><td class=\"n\">50.0 %</td>", page);
        Assert.Single(page.Split("<td class=\"n\">40</td>")[1..]);
        Assert.Contains("cannot depend on the rationale", page);
    }

    private static string Page(ScenarioComparison comparison)
    {
        using var output = new StringWriter();
        StaticPage.Write<RationaleSection>(new() { [nameof(RationaleSection.Comparison)] = comparison }, output);
        return output.ToString();
    }

    /// <summary>The lowest validation loss is the given one.</summary>
    private static ReportRun Run(string name, RationaleSettings? rationale, double loss, Recipe? recipe = null)
    {
        var spec = ReportSamples.Scenario("A", name);
        var scenario = spec.FineTuned!.Scenario with { Representation =
            spec.FineTuned.Scenario.Representation with { Rationale = rationale }, Recipe = recipe ?? new() };
        return ReportSamples.Finished(spec with { FineTuned = spec.FineTuned with { Scenario = scenario } }, 0.8) with
        {
            TrainingLog = [new(0, 1, 1e-3, 1, loss + 0.1), new(1, 2, 1e-3, 1, loss), new(2, 2.5, 1e-3, 1, null)],
        };
    }
}
