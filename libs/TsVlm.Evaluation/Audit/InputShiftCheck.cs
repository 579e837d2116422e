using TsVlm.Data;
using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// Whether the test series look as the training and validation series do, by statistics of each series and by a classifier that tries to tell
/// them apart.
/// </summary>
internal static class InputShiftCheck
{
    private const double MinDistance = 0.2;
    private const double NoticeableArea = 0.6;
    private const double LargeArea = 0.7;
    private const int MaxNamed = 4;

    // Statistics that differ less than this share of the values' own size differ by rounding, as means of normalised series do.
    private const double Rounding = 1e-4;

    /// <summary>Findings on one split.</summary>
    public static IEnumerable<AuditFinding> Of(Dataset dataset, AuditedSplit split, AuditSettings settings,
        CancellationToken cancellationToken, Action<string>? progress = null)
    {
        if (split.Learnt.Count == 0 || split.Cases.Test.Count == 0) yield break;
        yield return Statistics(dataset, split, progress, cancellationToken);
        progress?.Invoke("whether a classifier tells the parts apart");
        var (learnt, test) = (split.Learnt.Select(i => dataset.Cases[i].Series)
            .ToList(), split.Cases.Test.Select(i => dataset.Cases[i].Series).ToList());
        if (ClassifierTwoSampleTest.Of(learnt, test, settings.Seed, cancellationToken) is { } teller) yield return Teller(split, teller);
    }

    private static AuditFinding Statistics(Dataset dataset, AuditedSplit split, Action<string>? progress,
        CancellationToken cancellationToken)
    {
        var tests = new List<(string Name, KolmogorovSmirnovTest Test)>();
        foreach (var (name, values) in Values(dataset, progress, cancellationToken))
            tests.Add((name, KolmogorovSmirnovTest.Of([.. split.Learnt.Select(i => values[i])],
                [.. split.Cases.Test.Select(i => values[i])])));
        var adjusted = HolmCorrection.Adjust([.. tests.Select(t => t.Test.PValue)]);
        var found = tests.Zip(adjusted, (t, p) => (t.Name, t.Test.Distance, P: p)).Where(t => t.P < AuditSettings.Level)
            .OrderByDescending(t => t.Distance).ToList();
        if (found.Count == 0)
            return Finding(split, AuditSeverity.Ok,
                $"None of {MetricText.Count(tests.Count, "statistic")} of the series is distributed otherwise in the test (Kolmogorov–Smirnov, Holm).", "", []);
        var named = string.Join("; ", found.Take(MaxNamed)
            .Select(t => $"{t.Name} (D = {MetricText.Score(t.Distance)}, {MetricText.P(t.P)})"));
        return Finding(split, found[0].Distance >= MinDistance ? AuditSeverity.Warning : AuditSeverity.Note,
            $"{found.Count} of {MetricText.Count(tests.Count, "statistic")} of the series are distributed otherwise in the test: "
            + $"{named}{(found.Count > MaxNamed ? "; and more" : "")}.",
            "Find out why before training: another sensor, scale, subject or time. Normalise what differs without meaning, or report that the test is of another kind.",
            [.. found.SelectMany(t => new AuditMetric[] { new($"D, {t.Name}", t.Distance), new($"P, {t.Name}", t.P) })]);
    }

    /// <summary>Statistics that differ between series, one value a case.</summary>
    private static IEnumerable<(string Name, double[] Values)> Values(Dataset dataset, Action<string>? progress,
        CancellationToken cancellationToken)
    {
        foreach (var (name, of) in SeriesStatistics.OfSeries)
        {
            double[] values = [.. dataset.Cases.Select(c => of(c.Series))];
            if (values.Max() > values.Min()) yield return (name, values);
        }
        var numChannels = dataset.Cases[0].Series.NumChannels;
        for (var channel = 0; channel < numChannels; channel++)
        {
            double[][] statistics = [.. dataset.Cases.Select((c, i) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke($"channel {channel + 1} of {numChannels}, series {i + 1} of {dataset.Cases.Count}");
                return SeriesStatistics.OfChannel(c.Series, channel);
            })];
            var size = statistics.Average(f => f[1]) + 1e-300;
            foreach (var (place, name) in SeriesStatistics.ChannelNames.Index())
            {
                double[] values = [.. statistics.Select(f => f[place])];
                // The last two have no unit.
                if (values.Max() - values.Min() > Rounding * (place < 3 ? size : 1))
                    yield return (numChannels == 1 ? name : $"{name} of channel {channel}", values);
            }
        }
    }

    private static AuditFinding Teller(AuditedSplit split, ClassifierTwoSampleTest teller)
    {
        var statistics = $"area under the ROC curve {MetricText.Score(teller.Area)} over {teller.NumFirst} and {teller.NumSecond} series, {MetricText.P(teller.PValue)}";
        var severity = teller.PValue >= AuditSettings.Level || teller.Area < NoticeableArea ? AuditSeverity.Ok
            : teller.Area < LargeArea ? AuditSeverity.Note : AuditSeverity.Warning;
        return Finding(split, severity,
            severity is AuditSeverity.Ok
            ? $"MiniRocket {(teller.PValue < AuditSettings.Level ? "hardly tells" : "does not tell")} test series from training series ({statistics})."
                : $"MiniRocket tells test series from training series ({statistics}).",
            severity is AuditSeverity.Ok
            ? "" : "Where the classes have other shares too, that may be all of it; else the test is of another kind of series than was learnt from.",
            [new("area under the ROC curve", teller.Area), new("P", teller.PValue)]);
    }

    private static AuditFinding Finding(AuditedSplit split, AuditSeverity severity, string found, string advice,
        IReadOnlyList<AuditMetric> statistics) => new()
    {
        Check = AuditCheck.InputShift, Subject = split.Name, Severity = severity, Found = found, Advice = advice, Metrics = statistics,
    };
}
