using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Audit;
using TsVlm.Representations.Samples;
using static TsVlm.Evaluation.Tests.Audit.AuditSets;

namespace TsVlm.Evaluation.Tests.Audit;

public sealed class SamplingAuditTests
{
    private static readonly Dataset Data = Clean();
    private static readonly DatasetSplit Split = Splitter.Split(Data, "official", 0);

    [Fact]
    public void Samples_of_different_series_stay_different() =>
        Assert.All([Both, Text],
            s => Assert.Equal(AuditSeverity.Ok, SamplingCheck.Of(Data, Split, s.Name, Source(s), isControl: false, Stop).Severity));

    /// <summary>
    /// Case 100 is case 7 with noise of a thousandth, which numbers of one digit do not show; the labels differ where they did.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_test_sample_that_rounding_made_equal_to_a_learnt_one_is_found(bool isContradicted)
    {
        var label = isContradicted ? Data.Classes.First(c => c != Data.Cases[7].Label) : Data.Cases[7].Label;
        var noisy = Data.Cases[7].Series.Change((v, t) => v + (t == 64 ? 0.001 : 0));
        var planted = Data.With((i, c) => i == 100 ? new(noisy, label) : c);
        var found = SamplingCheck.Of(planted, Split, "text", Source(Text), isControl: false, Stop);
        Assert.Equal(AuditSeverity.Warning, found.Severity);
        Assert.Equal([100], found.Cases);
        Assert.Equal(isContradicted, found.Found.Contains("under another label", StringComparison.Ordinal));
    }

    [Fact]
    public void Equal_series_are_another_finding() =>
        Assert.Equal(AuditSeverity.Ok,
            SamplingCheck.Of(Data.WithSeries(100, Data.Cases[7].Series), Split, "text", Source(Text), isControl: false, Stop).Severity);

    [Fact]
    public void A_scenario_that_shows_nothing_is_a_control_or_a_fault()
    {
        var blank = Both with { Name = "nothing",
            Representation = Both.Representation with { Arm = Arm.BlankImage, Text = TextKind.None } };
        Assert.Equal(AuditSeverity.Ok, AuditOf(Data, scenarios: blank).Gravest(AuditCheck.Sampling).Severity);
        Assert.Equal(Split.Test, SamplingCheck.Of(Data, Split, "nothing", Source(blank), isControl: false, Stop).Cases);
    }

    [Fact]
    public void A_value_fitted_on_the_training_part_alone_does_not_change_with_the_test_part() =>
        Assert.All([Both, Text],
            s => Assert.Equal(AuditSeverity.Ok, SelectionCheck.Fitting(Data, Split, s.Name, Source(s), Stop).Severity));

    /// <summary>A faulty maker: it fits scales and axes on the test part too.</summary>
    [Fact]
    public void Scales_that_are_fitted_on_test_cases_are_found()
    {
        IEnumerable<Sample> Make(Dataset dataset, DatasetSplit split, string part) =>
            Source(Both)(dataset, split with { Train = [.. split.Train, .. split.Test] }, part).Where(s => split.Train.Contains(s.Case));
        var found = SelectionCheck.Fitting(Data, Split, "both", Make, Stop);
        Assert.Equal(AuditSeverity.Problem, found.Severity);
        Assert.Contains("something is fitted on them", found.Found);
        Assert.NotEmpty(found.Cases);
    }

    private static SampleSource Source(Scenario scenario) => (dataset, split, part) =>
        new SampleMaking(dataset, split, scenario.Canonical().Representation, Model, 0).Splits.Single(s => s.Name == part).Samples;
}
