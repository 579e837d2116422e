using System.Globalization;
using System.Text.RegularExpressions;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Tests.Rationales;

public class ClassContrastsTests
{
    private static readonly Representation Plain = new()
    {
        Numbers = new NumberFormat { Normalisation = Normalisation.None }, Rationale = new RationaleSettings(), ContextLength = 5000,
    };

    [Fact]
    public void A_rationale_states_what_sets_the_class_apart_with_the_numbers_of_the_series()
    {
        List<LabelledSeries> training =
        [
            .. Enumerable.Range(0, 4).Select(i => new LabelledSeries(Samples.Wave(40, amplitude: 1 + (0.1 * i)), "a")),
            .. Enumerable.Range(0, 4).Select(i => new LabelledSeries(Samples.Wave(40, amplitude: 3 + (0.1 * i)), "b")),
        ];
        var contrasts = Fit(training);
        Assert.Equal("range 2.00 below 4.29", contrasts.Statements(training[0].Series, "a")[0]);
        Assert.Equal("range 5.99 above 4.29", contrasts.Statements(training[4].Series, "b")[0]);
        // Of a case that looks like the other class nothing is said that does not hold.
        Assert.Empty(contrasts.Statements(training[0].Series, "b"));
    }

    /// <summary>Every statement is taken apart and held against the series and the training cases.</summary>
    [Theory]
    [InlineData("CBF")]
    [InlineData("ArmMotions")]
    [InlineData("SyntheticControl")]
    public void Every_statement_is_true_of_its_series_and_of_most_of_its_class(string name)
    {
        var dataset = BuiltInDatasets.Generate(name);
        List<LabelledSeries> training = [.. dataset.Cases.Take(dataset.NumOfficialTrain)];
        var contrasts = Fit(training, dataset.Classes);
        var numStatements = 0;
        foreach (var (series, label) in training)
        {
            var statements = contrasts.Statements(series, label);
            Assert.InRange(statements.Count, 0, ClassContrasts.MaxStatements);
            foreach (var statement in statements)
            {
                Assert.DoesNotContain(dataset.Classes, c => RationaleText.Names(statement, c));
                var parts = Regex.Match(statement, @"^(?:c(\d+) )?(.+?) (-?[\d.]+) (above|below) (-?[\d.]+)$");
                Assert.True(parts.Success, statement);
                var channel = parts.Groups[1].Success ? int.Parse(parts.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
                var statistic = Assert.Single(ContrastStatistic.All, s => s.Name == parts.Groups[2].Value);
                Assert.Equal(parts.Groups[3].Value, statistic.Write(Figure(statistic, series, channel), Plain.Numbers));
                var threshold = double.Parse(parts.Groups[5].Value, CultureInfo.InvariantCulture);
                Assert.True(IsSo(series), statement);
                Assert.True(2 * training.Count(c => c.Label == label && IsSo(c.Series)) > training.Count(c => c.Label == label), statement);
                Assert.True(2 * training.Count(c => c.Label != label && IsSo(c.Series)) < training.Count(c => c.Label != label), statement);
                numStatements++;

                bool IsSo(TimeSeries of) =>
                    ContrastStatistic.Read(statistic.Write(Figure(statistic, of, channel), Plain.Numbers)) is var figure
                    && (parts.Groups[4].Value == "above" ? figure > threshold : figure < threshold);
            }
        }
        Assert.True(numStatements > training.Count, $"{numStatements} statements of {training.Count} cases.");
    }

    [Fact]
    public void Every_series_has_a_rationale_or_none_and_always_the_same()
    {
        foreach (var (name, series) in SampleBatteryTests.Awkward)
        {
            var shorter = new TimeSeries(Enumerable.Range(0, series.NumChannels)
                .Select(c => series.Channel(c)[..((series.Length + 1) / 2)].ToArray()));
            List<LabelledSeries> training = [new(series, "a"), new(shorter, "b"), new(series, "a"), new(shorter, "b")];
            foreach (var format in (NumberFormat[])[new(),
                new() { Normalisation = Normalisation.None, Rounding = Rounding.SignificantDigits, Digits = 3 }])
            {
                var (once, again) = (Fit(training, numbers: format), Fit(training, numbers: format));
                foreach (var (shown, label) in training)
                {
                    var statements = once.Statements(shown, label);
                    Assert.Equal(statements, again.Statements(shown, label));
                    Assert.All(statements, statement => Assert.DoesNotContain("NaN", statement));
                    Assert.All(statements, statement => Assert.DoesNotContain('?', statement));
                }
            }
            // One class, and classes that are the same, have nothing to tell apart.
            Assert.Empty(Fit([new(series, "a"), new(shorter, "a")]).Statements(series, "a"));
            Assert.Empty(Fit([new(series, "a"), new(series, "b")]).Statements(series, "a"));
            // Nor has a class without training cases.
            Assert.True(Fit(training).Statements(series, "c").Count == 0, name);
        }
    }

    [Fact]
    public void A_figure_that_is_called_like_a_class_is_not_named()
    {
        List<LabelledSeries> training = [new(Samples.Wave(40), "std"), new(Samples.Wave(40, amplitude: 3), "range")];
        var statements = Fit(training, ["std", "range"]).Statements(training[0].Series, "std");
        Assert.NotEmpty(statements);
        Assert.All(statements,
            statement => Assert.False(statement.StartsWith("std", StringComparison.Ordinal)
                || statement.StartsWith("range", StringComparison.Ordinal), statement));
    }

    private static ClassContrasts Fit(List<LabelledSeries> training, IReadOnlyList<string>? classes = null, NumberFormat? numbers = null) =>
        ClassContrasts.Fit(
        FittedRepresentation.Fit(Plain with { Numbers = numbers ?? Plain.Numbers }, Samples.Model(), classes
            ?? ["a", "b", "c"], [.. training.Select(c => c.Series)]), training);

    private static double Figure(ContrastStatistic statistic, TimeSeries series, int channel)
    {
        var values = series.Channel(channel).ToArray();
        return statistic.Of(values, ChannelStatistics.Of(values))!.Value;
    }
}
