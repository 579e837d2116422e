using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Audit;
using static TsVlm.Evaluation.Tests.Audit.AuditSets;

namespace TsVlm.Evaluation.Tests.Audit;

public sealed class DuplicateAuditTests
{
    [Fact]
    public void A_test_series_that_is_learnt_from_is_found_by_its_number()
    {
        var clean = Clean();
        var audit = AuditOf(clean.WithSeries(100, clean.Cases[7].Series)
            .With((i, c) => i == 100 ? c with { Label = clean.Cases[7].Label } : c));
        var finding = audit.Gravest(AuditCheck.Duplicates);
        Assert.Equal((AuditSeverity.Problem, "official-0"), (finding.Severity, finding.Subject));
        Assert.Equal([100], finding.Cases);
        Assert.Contains("1 test series of 60 (1.7 %) occurs, value for value", finding.Found);
        var pair = Assert.Single(audit.Pairs);
        Assert.Equal(new SeriesPair(PairKind.Equal, 7, 100), pair.Pair);
        Assert.Equal(("train", "test"), (pair.FirstFile, pair.SecondFile));
        Assert.Equal(["official-0"], pair.Crosses);
    }

    [Fact]
    public void A_single_leak_in_many_test_cases_is_a_warning()
    {
        var clean = Clean(numTest: 300);
        Assert.Equal(AuditSeverity.Warning, AuditOf(clean.With((i, c) => i == 100 ? clean.Cases[7] : c))
            .Gravest(AuditCheck.Duplicates).Severity);
    }

    [Fact]
    public void Missing_values_are_equal_to_missing_values_and_nothing_else()
    {
        var clean = Clean();
        TimeSeries Holed(int at) => clean.Cases[7].Series.Change((v, t) => t == at ? double.NaN : v);
        var equal = PairSearch.Of(clean.WithSeries(7, Holed(3)).WithSeries(100, Holed(3)), 0, Stop);
        Assert.Contains(new SeriesPair(PairKind.Equal, 7, 100), equal.Pairs);
        var other = PairSearch.Of(clean.WithSeries(7, Holed(3)).WithSeries(100, Holed(4)), 0, Stop);
        Assert.DoesNotContain(other.Pairs, p => p.Kind is PairKind.Equal);
    }

    [Theory]
    [InlineData(3, -40, 0)]        // other units
    [InlineData(0.001, 5, 0)]
    [InlineData(1, 0, 0.005)]      // noise of half a per cent of the deviation
    public void A_copy_in_other_units_or_with_little_noise_is_near(double scale, double offset, double noise)
    {
        var clean = Clean();
        var random = new Random(1);
        var copy = clean.Cases[7].Series.Change((v, _) => offset + (scale * v) + (noise * (random.NextDouble() - 0.5)));
        var pair = Assert.Single(PairSearch.Of(clean.WithSeries(100, copy), 0, Stop).Pairs);
        Assert.Equal((PairKind.Near, 7, 100), (pair.Kind, pair.First, pair.Second));
    }

    [Fact]
    public void A_search_for_near_pairs_misses_none_that_looking_at_every_pair_finds()
    {
        // Many copies with noise around the tolerance.
        var (clean, random) = (Clean(30, 30), new Random(4));
        var noisy = clean.With((i, c) => i < 30
            ? c : clean.Cases[i % 5] with { Series =
                clean.Cases[i % 5].Series.Change((v, _) => v + (0.04 * i / 30 * random.NextDouble())) });
        double[][] values = [.. noisy.Cases.Select(c => ZNormalised.Of(c.Series)!)];
        var expected = from i in Enumerable.Range(0, 60) from j in Enumerable.Range(i + 1, 59 - i)
            where ZNormalised.Distance(values[i], values[j]) < 0.02 select (i, j);
        var found = NearSearch.Of(noisy, 0.02, Stop).Where(p => p.Kind is PairKind.Near).Select(p => (p.First, p.Second)).Order();
        Assert.Equal(expected, found);
        Assert.NotEmpty(expected);
    }

    [Fact]
    public void Alike_smooth_series_are_no_near_copies_because_their_class_is_smooth()
    {
        // Spectra of one class differ little: the tolerance follows.
        var smooth = Clean().With((i, c) => c with { Series = c.Series.Change((v, t) => Math.Sin(t / 20.0) + (0.002 * v)) });
        Assert.InRange(NearSearch.Tolerance(smooth, 0), 1e-5, 0.002);
        Assert.Empty(PairSearch.Of(smooth, 0, Stop).Pairs);
    }

    [Fact]
    public void Overlapping_windows_of_one_recording_are_found_with_their_offset()
    {
        var clean = Clean();
        var recording = clean.Cases[1].Series.Channel(0).ToArray().Concat(clean.Cases[2].Series.Channel(0).ToArray()).ToArray();
        var planted = clean.WithSeries(7, new TimeSeries([recording[..128]])).WithSeries(100, new TimeSeries([recording[40..168]]));
        var audit = AuditOf(planted);
        Assert.Contains(audit.Pairs, p => p.Pair == new SeriesPair(PairKind.Overlapping, 7, 100, Offset: 40));
        Assert.Equal((AuditSeverity.Problem, 100), (audit.Gravest(AuditCheck.Overlaps).Severity,
            audit.Gravest(AuditCheck.Overlaps).Cases.Single()));
    }

    [Fact]
    public void A_series_cut_out_of_another_is_found_and_a_flat_beginning_is_not_an_overlap()
    {
        var clean = Clean();
        var cut = clean.WithSeries(100, new TimeSeries([clean.Cases[7].Series.Channel(0)[10..90].ToArray()]))
            .WithSeries(101, new TimeSeries([clean.Cases[8].Series.Channel(0)[..90].ToArray()]));
        Assert.Equal([(7, 100, 10), (8, 101, 0)], PairSearch.Of(cut, 0, Stop).Pairs.Select(p => (p.First, p.Second, p.Offset)));
        var flat = clean.With((_, c) => c with { Series = c.Series.Change((v, t) => t is < 60 or >= 100 ? 0 : v) });
        Assert.Empty(PairSearch.Of(flat, 0, Stop).Pairs);
    }

    [Fact]
    public void A_series_under_two_labels_is_a_conflict_wherever_it_is()
    {
        var clean = Clean();
        var (first, second) = (0, Enumerable.Range(1, 80).First(i => clean.Cases[i].Label != clean.Cases[0].Label));
        var audit = AuditOf(clean.WithSeries(second, clean.Cases[first].Series));
        Assert.Equal(AuditSeverity.Warning, audit.Gravest(AuditCheck.Conflicts).Severity);
        Assert.Equal([first, second], audit.Gravest(AuditCheck.Conflicts).Cases);
        Assert.Equal(AuditSeverity.Ok, AuditOf(clean).Gravest(AuditCheck.Conflicts).Severity);
    }

    [Fact]
    public void A_leak_under_another_label_is_marked()
    {
        var clean = Clean();
        var test = Enumerable.Range(90, 60).First(i => clean.Cases[i].Label != clean.Cases[7].Label);
        var finding = AuditOf(clean.WithSeries(test, clean.Cases[7].Series)).Gravest(AuditCheck.Duplicates);
        Assert.Contains("occurs, value for value, among the training and validation cases, under another label.", finding.Found);
        Assert.DoesNotContain("another label", AuditOf(clean.With((i, c) => i == 100 ? clean.Cases[7] : c))
            .Gravest(AuditCheck.Duplicates).Found);
    }

    [Theory]
    [InlineData(false, 1, "1 test series repeats an earlier one of that part, value for value.")]
    [InlineData(true, 1, "1 test series nearly repeats an earlier one of that part.")]
    [InlineData(false, 2, "2 test series repeat an earlier one of that part, value for value.")]
    public void Repeats_within_a_part_are_found(bool isNear, int count, string expected)
    {
        var clean = Clean();
        var planted = clean.With((i, c) => i >= 100 && i < 100 + count
            ? clean.Cases[i - 8] with { Series = clean.Cases[i - 8].Series.Change((v, _) => isNear ? 2 * v : v) } : c);
        var finding = Assert.Single(AuditOf(planted).Findings, f => f is { Check: AuditCheck.Duplicates, Severity: > AuditSeverity.Ok });
        Assert.Equal((AuditSeverity.Note, expected), (finding.Severity, finding.Found));
        Assert.Equal(Enumerable.Range(100, count), finding.Cases);
    }

    [Fact]
    public void Repeats_within_validation_are_found()
    {
        var clean = Clean();
        int[] validation = [.. Splitter.Split(clean, "official", 0).Validation.Order()];
        var audit = AuditOf(clean.WithSeries(validation[1], clean.Cases[validation[0]].Series));
        Assert.Contains(audit.Findings, f => f.Cases.SequenceEqual([validation[1]])
            && f.Found.StartsWith("1 validation series repeats an earlier one", StringComparison.Ordinal));
    }

    [Fact]
    public void A_validation_case_that_is_trained_on_is_found()
    {
        var clean = Clean();
        var split = Splitter.Split(clean, "official", 0);
        var (train, validation) = (split.Train[0], split.Validation.First(i => clean.Cases[i].Label == clean.Cases[split.Train[0]].Label));
        var audit = AuditOf(clean.WithSeries(validation, clean.Cases[train].Series));
        Assert.Contains(audit.Findings, f => f.Cases.SequenceEqual([validation])
            && f.Found == "1 validation series is also, or nearly, among the training cases.");
    }

    [Fact]
    public void Another_resample_may_put_a_repeat_of_the_training_file_into_the_test()
    {
        var clean = Clean();
        var audit = AuditOf(clean.With((i, c) => i is >= 20 and < 40 ? clean.Cases[i - 20] : c), resamples: [0, 1]);
        Assert.Equal(AuditSeverity.Problem, audit.Findings.Where(f => f is { Check: AuditCheck.Duplicates, Subject: "official-1" })
            .Max(f => f.Severity));
        Assert.Equal(AuditSeverity.Note, audit.Findings.Where(f => f is { Check: AuditCheck.Duplicates, Subject: "official-0" })
            .Max(f => f.Severity));
        Assert.Contains(audit.Findings, f => f.Subject == "official-0"
            && f.Found.Contains("training series repeat an earlier one of that part, value for value", StringComparison.Ordinal));
    }

    [Fact]
    public void Constant_series_are_compared_by_value_alone()
    {
        var clean = Clean();
        var flat = clean.With((i, c) => i % 10 == 0 ? c with { Series = c.Series.Change((_, _) => i) } : c);
        Assert.Empty(PairSearch.Of(flat, 0, Stop).Pairs);
    }
}
