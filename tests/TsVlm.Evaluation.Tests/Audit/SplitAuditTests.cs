using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Audit;
using static TsVlm.Evaluation.Tests.Audit.AuditSets;

namespace TsVlm.Evaluation.Tests.Audit;

public sealed class SplitAuditTests
{
    private static readonly Dataset Data = Clean();

    [Theory]
    [InlineData("official", 0)]
    [InlineData("official", 3)]
    [InlineData("80-10-10", 0)]
    [InlineData("80-10-10", 7)]
    public void Splits_keep_what_they_promise(string protocol, int resample) =>
        Assert.All(Check(protocol, resample, s => s), f => Assert.Equal(AuditSeverity.Ok, f.Severity));

    [Fact]
    public void Rare_classes_are_split_as_documented()
    {
        string[] classes = ["a", "b", "c", "d"];
        int[] counts = [1, 2, 3, 40];
        List<LabelledSeries> cases =
            [.. counts.SelectMany((n, c) => Enumerable.Range(0, n)
                .Select(i => new LabelledSeries(Data.Cases[(10 * c) + i].Series, classes[c])))];
        var rare = new Dataset("Rare", classes, cases, [], []);
        var found = SplitCheck.Of(rare, new("80-10-10", 2, Splitter.Split(rare, "80-10-10", 2))).ToList();
        Assert.Equal("80-10-10-2", Assert.Single(found, f => f.Severity is not AuditSeverity.Ok).Subject);
        Assert.Contains("the split has 35, 5 and 6", Assert.Single(found, f => f.Severity is AuditSeverity.Warning).Found);
    }

    [Fact]
    public void A_test_case_that_is_trained_on_is_found()
    {
        var found = Check("official", 0, s => s with { Train = [.. s.Train, 95] });
        Assert.Equal((AuditSeverity.Problem, 95), (found[0].Severity, found[0].Cases.Single()));
    }

    [Fact]
    public void A_validation_case_that_is_tested_is_found() =>
        Assert.Equal(AuditSeverity.Problem, Check("80-10-10", 0, s => s with { Test = [.. s.Test, s.Validation[0]] })[0].Severity);

    [Fact]
    public void A_split_that_does_not_stratify_is_found()
    {
        int[] order = [.. Enumerable.Range(0, Data.Cases.Count).OrderBy(i => Data.Cases[i].Label)];
        var found = Check("80-10-10", 0, _ => new(order[..120], order[120..135], order[135..], []));
        Assert.Contains(found, f => f.Severity is AuditSeverity.Problem
            && f.Found.Contains("3 classes have not the share", StringComparison.Ordinal));
    }

    [Fact]
    public void Lost_stray_and_exchanged_cases_are_found()
    {
        Assert.Contains(Check("official", 1, s => s with { Train = [.. s.Train.Skip(1)] }),
            f => f.Found == "1 case is in no part of the split.");
        Assert.Contains(Check("official", 1, s => s with { Train = [.. s.Train, 999] }), f => f.Cases.SequenceEqual([999]));
        var other = Splitter.Split(Data, "official", 4);
        Assert.Contains(Check("official", 0, _ => other), f => f.Severity is AuditSeverity.Problem
            && f.Found.Contains("training file", StringComparison.Ordinal));
    }

    [Fact]
    public void Patience_without_validation_cases_is_told()
    {
        var split = new AuditedSplit("official", 0, new([0, 1], [], [90], []));
        var patient = Both with { Recipe = new Recipe { Patience = 1 } };
        Assert.Equal(AuditSeverity.Warning, SelectionCheck.Recipes([patient], split).Max(f => f.Severity));
        Assert.Equal(AuditSeverity.Note, SelectionCheck.Recipes([Both], split).Max(f => f.Severity));
        Assert.Contains(SelectionCheck.Recipes([Both, Text], split),
            f => f.Found.Contains("2 scenarios meet the same test cases", StringComparison.Ordinal));
    }

    private static List<AuditFinding> Check(string protocol, int resample, Func<DatasetSplit, DatasetSplit> change) =>
        [.. SplitCheck.Of(Data, new(protocol, resample, change(Splitter.Split(Data, protocol, resample))))];
}
