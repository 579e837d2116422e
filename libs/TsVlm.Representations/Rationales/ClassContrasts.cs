using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Text;

namespace TsVlm.Representations.Rationales;

/// <summary>
/// Rationales without a model: what of a training case's statistics sets its class apart from the others. For each class and channel the
/// statistics are ordered by the standardised difference of means (Cohen's d) between the class and the rest; one counts that lies on one side
/// of the midpoint of the two medians in more than half of the class and in less than half of the rest. A rationale states those that hold
/// for the very series, with its numbers, and names no class.
/// Fitted on training cases alone; defined on every series.
/// </summary>
public sealed class ClassContrasts
{
    /// <summary>Most statements of one rationale.</summary>
    public const int MaxStatements = 3;

    // Statistics of one kind often differ by a factor alone; what rounding then leaves of a difference in effect is to order nothing.
    private const int EffectDigits = 6;

    private readonly IReadOnlyList<ChannelScale> scales;
    private readonly NumberFormat format;
    private readonly Dictionary<string, Contrast[]> ofClass;

    private ClassContrasts(IReadOnlyList<ChannelScale> scales, NumberFormat format, Dictionary<string, Contrast[]> ofClass) =>
        (this.scales, this.format, this.ofClass) = (scales, format, ofClass);

    /// <summary>Compares every class with the rest.</summary>
    /// <param name="fitted">Scales and format of the numbers, and the classes.</param>
    /// <param name="training">The training cases with their classes.</param>
    public static ClassContrasts Fit(FittedRepresentation fitted, IReadOnlyList<LabelledSeries> training)
    {
        var format = fitted.Representation.Numbers;
        var statistics = ContrastStatistic.All.Where(s => !fitted.Classes.Any(label => RationaleText.Names(s.Name, label))).ToList();
        var ofClass = fitted.Classes.ToDictionary(label => label, _ => new List<Contrast>());
        for (var channel = 0; channel < fitted.Scales.Count; channel++)
        {
            var computed = training.Select(c => ValuesOf(c.Series, channel, fitted.Scales[channel])).ToList();
            foreach (var (place, statistic) in statistics.Index())
            {
                var defined = training.Zip(computed, (c, of) => (c.Label, Value: of(statistic))).Where(c => c.Value is not null)
                    .Select(c => (c.Label, Value: WrittenValue.Of(statistic, c.Value!.Value, format))).ToList();
                foreach (var label in fitted.Classes)
                {
                    var sides = defined.ToLookup(c => c.Label == label, c => c.Value);
                    if (Contrast.Between([.. sides[true]], [.. sides[false]], statistic, format) is { } contrast)
                        ofClass[label].Add(contrast with { Channel = channel, Place = place });
                }
            }
        }
        return new(fitted.Scales, format, ofClass.ToDictionary(
            of => of.Key, of => (Contrast[])[.. of.Value.OrderByDescending(c => Math.Round(c.Effect, EffectDigits)).ThenBy(c => c.Channel)
                .ThenBy(c => c.Place)]));
    }

    /// <summary>What sets the class apart and holds for the series, the most telling first; none where nothing does.</summary>
    public IReadOnlyList<string> Statements(TimeSeries series, string label)
    {
        var computed = new Dictionary<int, Func<ContrastStatistic, double?>>();
        var (statements, told) = (new List<string>(), new HashSet<(int, string)>());
        foreach (var contrast in ofClass[label])
        {
            if (told.Contains((contrast.Channel, contrast.Statistic.Family))) continue;
            if (!computed.TryGetValue(contrast.Channel, out var of))
                computed[contrast.Channel] = of = ValuesOf(series, contrast.Channel, scales[contrast.Channel]);
            if (of(contrast.Statistic) is not { } value || contrast.StatementOf(value, format) is not { } statement) continue;
            told.Add((contrast.Channel, contrast.Statistic.Family));
            statements.Add(scales.Count > 1 ? FormattableString.Invariant($"c{contrast.Channel} {statement}") : statement);
            if (statements.Count == MaxStatements) break;
        }
        return statements;
    }

    /// <summary>The rationale of a series: as many statements as fit, one behind the other; empty where there is none.</summary>
    public string Rationale(TimeSeries series, string label, Func<string, bool> fits) =>
        RationaleText.Shorten(string.Join("; ", Statements(series, label)), fits);

    private static Func<ContrastStatistic, double?> ValuesOf(TimeSeries series, int channel, ChannelScale scale)
    {
        var values = scale.Apply(series.Channel(channel));
        var statistics = ChannelStatistics.Of(values);
        return statistic => statistic.Of(values, statistics);
    }
}

/// <summary>A statistic that lies on one side of a threshold in most cases of a class, and on the other in most of the rest.</summary>
/// <param name="Statistic">The statistic.</param>
/// <param name="IsAbove">The side of the class.</param>
/// <param name="Threshold">The threshold as it is written.</param>
/// <param name="Effect">Size of the standardised difference of means; infinite where neither side varies.</param>
internal sealed record Contrast(ContrastStatistic Statistic, bool IsAbove, string Threshold, double Effect)
{
    // A difference below this share of the means is rounding error.
    private const double RelativeRounding = 1e-12;

    private readonly double limit = ContrastStatistic.Read(Threshold);

    public int Channel { get; init; }

    public int Place { get; init; }

    /// <summary>The contrast of a class with the rest; null where there is none.</summary>
    public static Contrast? Between(WrittenValue[] own, WrittenValue[] rest, ContrastStatistic statistic, NumberFormat format)
    {
        if (own.Length == 0 || rest.Length == 0) return null;
        var (a, b) = (Moments.Of(own.Select(of => of.Value)), Moments.Of(rest.Select(of => of.Value)));
        var difference = a.Mean - b.Mean;
        if (Math.Abs(difference) <= RelativeRounding * Math.Max(Math.Abs(a.Mean), Math.Abs(b.Mean))) return null;
        var pooled = Math.Sqrt(((own.Length * a.Deviation * a.Deviation) + (rest.Length * b.Deviation * b.Deviation))
            / (own.Length + rest.Length));
        var (middle, other) = (Median(own), Median(rest));
        var threshold = statistic.Write((middle / 2) + (other / 2), format);
        var contrast = new Contrast(statistic, middle > other, threshold, Math.Abs(difference) / pooled);
        return 2 * contrast.Count(own) > own.Length && 2 * contrast.Count(rest) < rest.Length ? contrast : null;
    }

    /// <summary>
    /// What is so of a value, such as <c>range 4.2 above 2.9</c>; null where it is not, by the numbers as they are written.
    /// </summary>
    public string? StatementOf(double value, NumberFormat format)
    {
        var written = WrittenValue.Of(Statistic, value, format);
        return Holds(written.Read) ? $"{Statistic.Name} {written.Text} {(IsAbove ? "above" : "below")} {Threshold}" : null;
    }

    private int Count(WrittenValue[] values) => values.Count(of => Holds(of.Read));

    private bool Holds(double read) => IsAbove ? read > limit : read < limit;

    private static double Median(WrittenValue[] values)
    {
        var sorted = values.Select(of => of.Value).Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] / 2) + (sorted[middle] / 2);
    }
}

/// <summary>A value, how it is written, and the number that a reader takes from that.</summary>
internal readonly record struct WrittenValue(double Value, string Text, double Read)
{
    public static WrittenValue Of(ContrastStatistic statistic, double value, NumberFormat format) =>
        statistic.Write(value, format) is var text ? new(value, text, ContrastStatistic.Read(text)) : default;
}
