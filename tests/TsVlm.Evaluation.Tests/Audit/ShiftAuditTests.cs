using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Evaluation.Audit;
using static TsVlm.Evaluation.Tests.Audit.AuditSets;

namespace TsVlm.Evaluation.Tests.Audit;

public sealed class ShiftAuditTests
{
    [Fact]
    public void A_length_that_predicts_the_class_is_found()
    {
        var clean = Clean();
        var (random, data) = (new Random(2), clean);
        data = clean.With((_, c) => c with
        {
            Series = new TimeSeries([c.Series.Channel(0)[..(c.Label == "bell" ? random.Next(60, 80) : random.Next(90, 120))].ToArray()]),
        });
        var finding = AuditOf(data).Gravest(AuditCheck.Shortcuts);
        Assert.Equal(AuditSeverity.Warning, finding.Severity);
        Assert.Contains("series length alone predicts", finding.Found);
    }

    [Fact]
    public void A_length_that_tells_nothing_is_no_shortcut()
    {
        var random = new Random(2);
        var data = Clean().With((_, c) => c with { Series = new TimeSeries([c.Series.Channel(0)[..random.Next(80, 120)].ToArray()]) });
        Assert.Equal(AuditSeverity.Ok, AuditOf(data).Gravest(AuditCheck.Shortcuts).Severity);
    }

    [Fact]
    public void Missing_values_that_predict_the_class_are_found()
    {
        var random = new Random(2);
        var data = Clean().With((_, c) =>
            c with { Series = c.Series.Change((v, _) => random.NextDouble() < (c.Label == "bell" ? 0.2 : 0.02) ? double.NaN : v) });
        Assert.Contains(AuditOf(data).Findings, f => f.Severity is AuditSeverity.Warning
            && f.Found.Contains("number of missing values alone", StringComparison.Ordinal));
    }

    [Fact]
    public void A_channel_that_holds_the_label_is_found()
    {
        var data = Clean();
        double[] Constant(string label) => [.. Enumerable.Repeat((double)data.Classes.ToList().IndexOf(label), 128)];
        var told = data.With((_, c) => c with { Series = new TimeSeries([c.Series.Channel(0).ToArray(), Constant(c.Label)]) });
        Assert.Contains(AuditOf(told).Findings, f => f.Severity is AuditSeverity.Warning
            && f.Found.Contains("value of the constant channels alone predicts 100.0 %", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_sorted_by_class_are_told_and_do_no_harm()
    {
        var clean = Clean();
        var data = new Dataset("Sorted",
            clean.Classes, [.. clean.Cases.Take(90).OrderBy(c => c.Label)], [.. clean.Cases.Skip(90).OrderBy(c => c.Label)], []);
        var finding = AuditOf(data).Gravest(AuditCheck.Shortcuts);
        Assert.Equal(AuditSeverity.Note, finding.Severity);
        Assert.Contains("The position in the file alone predicts", finding.Found);
        var mixed = AuditOf(clean).Gravest(AuditCheck.Shortcuts);
        Assert.Equal((AuditSeverity.Ok, "No better than the largest class: a label by position in the file alone."), (mixed.Severity,
            mixed.Found));
    }

    [Fact]
    public void Other_shares_of_the_classes_in_the_test_are_found()
    {
        var clean = Clean(numTest: 150);
        List<LabelledSeries> test = [.. clean.Cases.Skip(90).Where((c, i) => c.Label != "bell" || i % 5 == 0)];
        var finding = AuditOf(new Dataset("Prior", clean.Classes, [.. clean.Cases.Take(90)], test, [])).Gravest(AuditCheck.ClassPrior);
        Assert.Equal(AuditSeverity.Warning, finding.Severity);
        Assert.Contains("other shares in the test", finding.Found);
    }

    [Fact]
    public void Classes_without_training_or_test_cases_and_dominant_ones_are_found()
    {
        var clean = Clean(numTest: 150);
        Dataset Of(Func<LabelledSeries, bool> train, Func<LabelledSeries, bool> test) =>
            new("Absent", clean.Classes, [.. clean.Cases.Take(90).Where(train)], [.. clean.Cases.Skip(90).Where(test)], []);
        Assert.Equal(AuditSeverity.Problem, AuditOf(Of(c => c.Label != "bell", _ => true)).Gravest(AuditCheck.ClassPrior).Severity);
        Assert.Contains(AuditOf(Of(_ => true, c => c.Label != "bell")).Findings, f => f.Severity is AuditSeverity.Warning
            && f.Found == "1 class has no test case: bell.");
        var rare = Of(c => c.Label == "bell" || c.Series.Channel(0)[0] > 1.2, c => c.Label == "bell" || c.Series.Channel(0)[0] > 1.2);
        Assert.Contains(AuditOf(rare).Findings, f => f.Severity is AuditSeverity.Warning
            && f.Found.Contains("Classes are imbalanced: the largest, bell", StringComparison.Ordinal));
    }

    [Fact]
    public void A_test_in_another_scale_is_found_by_statistics_and_by_a_classifier()
    {
        var found = AuditOf(Clean().With((i, c) => i < 90 ? c : c with { Series = c.Series.Change((v, _) => (3 * v) + 2) })).Findings;
        Assert.Contains(found, f => f.Severity is AuditSeverity.Warning
            && f.Found.Contains("standard deviation (D = ", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Severity is AuditSeverity.Warning
            && f.Found.StartsWith("MiniRocket tells test series from training series", StringComparison.Ordinal));
    }

    [Fact]
    public void Smoother_test_series_are_found_by_their_frequencies()
    {
        var data = Clean().With((i, c) => i < 90
            ? c : c with { Series = c.Series.Change((v, t) => t == 0 ? v : (v + c.Series.Channel(0)[t - 1]) / 2) });
        Assert.Contains(AuditOf(data).Findings, f => f is { Check: AuditCheck.InputShift, Severity: AuditSeverity.Warning }
            && f.Found.Contains("lag-1 autocorrelation (D", StringComparison.Ordinal));
    }

    /// <summary>No test among many draws from one distribution finds a difference at the level it claims to keep, but by chance.</summary>
    [Fact]
    public void Draws_from_one_distribution_are_seldom_told_apart()
    {
        var areas = Enumerable.Range(0, 12).Select(seed =>
        {
            var series = BuiltInDatasets.Generator("CBF").Series(120, 100 + seed).Select(c => c.Series).ToList();
            return ClassifierTwoSampleTest.Of(series[..60], series[60..], seed, Stop)!;
        }).ToList();
        Assert.InRange(areas.Average(a => a.Area), 0.42, 0.55);
        Assert.InRange(areas.Count(a => a.PValue < 0.05), 0, 2);
        List<TimeSeries> Drawn(int count) => [.. BuiltInDatasets.Generator("CBF").Series(count, 1).Select(c => c.Series)];
        Assert.Null(ClassifierTwoSampleTest.Of(Drawn(9), Drawn(50), 0, Stop));
    }

    /// <summary>
    /// A sine of k cycles over n steps has its power at k / n cycles a step; the middle of two equal ones lies between them.
    /// </summary>
    [Fact]
    public void Statistics_of_a_series_are_those_of_the_formulas()
    {
        double[] values = [.. Enumerable.Range(0, 100)
            .Select(t => 4 + Math.Sin(2 * Math.PI * 5 * t / 100) + Math.Sin(2 * Math.PI * 15 * t / 100))];
        var sine = SeriesStatistics.OfChannel(new TimeSeries([values]), 0);
        Assert.Equal(4, sine[0], 1e-9);
        Assert.Equal(1, sine[1], 1e-9);
        Assert.Equal(0.1, sine[4], 1e-9);
        Assert.All(SeriesStatistics.OfChannel(new TimeSeries([[7, 7, 7]]), 0).Skip(1), f => Assert.Equal(0, f));
    }
}
