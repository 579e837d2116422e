using System.Globalization;
using System.Security.Cryptography;
using TsVlm.Data;
using TsVlm.Representations.Samples;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// Whether a scenario, by shortening, rounding and drawing, makes one sample of different series: a test sample that was learnt from to the
/// byte, though its series was not. Equal series are left to <see cref="DuplicateCheck"/>.
/// </summary>
internal static class SamplingCheck
{
    private const int MaxLearnt = 2000;

    /// <summary>The finding on one scenario.</summary>
    /// <param name="dataset">The cases.</param>
    /// <param name="split">The split, its test part cut down to the samples to look at.</param>
    /// <param name="subject">What findings call the scenario.</param>
    /// <param name="make">Makes the samples.</param>
    /// <param name="isControl">Whether the scenario shows nothing of a series, on purpose.</param>
    /// <param name="cancellationToken">Stops between two samples.</param>
    public static AuditFinding Of(Dataset dataset, DatasetSplit split, string subject, SampleSource make, bool isControl,
        CancellationToken cancellationToken)
    {
        if (isControl) return Finding(subject, AuditSeverity.Ok, [], "The scenario is a control that shows nothing of a series.", "");
        var learnt = LearntBySample(make(dataset, split, SplitNames.Train).Take(MaxLearnt)
            .Concat(make(dataset, split, SplitNames.Validation).Take(MaxLearnt)), cancellationToken);
        var test = make(dataset, split, SplitNames.Test).Select(s => (s.Case, Key: Key(s.Input, cancellationToken))).ToList();
        var (series, alike, contradicted) = (new SeriesEquality(), new List<int>(), 0);
        foreach (var (index, key) in test)
        {
            if (!learnt.TryGetValue(key, out var twins)
                || twins.Any(i => series.Equals(dataset.Cases[i].Series, dataset.Cases[index].Series))) continue;
            alike.Add(index);
            if (twins.Any(i => dataset.Cases[i].Label != dataset.Cases[index].Label)) contradicted++;
        }
        var looked = $"{MetricText.Count(test.Count, "test sample")} and {learnt.Values.Sum(c => c.Count)} training and validation samples";
        if (alike.Count == 0)
            return Finding(subject, AuditSeverity.Ok, [], $"Of {looked}, no two are equal that are of different series.", "");
        var share = (double)alike.Count / test.Count;
        return Finding(subject, share >= AuditSettings.ProblemShare ? AuditSeverity.Warning : AuditSeverity.Note, alike,
            $"Of {looked}, {MetricText.Count(alike.Count, "test sample equals", "test samples equal")} one that is learnt from, to the byte, though the series differ"
            + $"{(contradicted == 0 ? "" : $", {contradicted} of them under another label")}.",
            "The scenario shows too little of a series to tell these apart: take more digits, a larger context length, less shortening, or an image.") with
        {
            Metrics = [new("share of test samples", share)],
        };
    }

    private static Dictionary<string, List<int>> LearntBySample(IEnumerable<Sample> samples, CancellationToken cancellationToken)
    {
        var cases = new Dictionary<string, List<int>>();
        foreach (var sample in samples)
        {
            var key = Key(sample.Input, cancellationToken);
            if (cases.TryGetValue(key, out var same)) same.Add(sample.Case);
            else cases[key] = [sample.Case];
        }
        return cases;
    }

    private static string Key(SampleInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return input.Prompt + (input.Image is null ? "" : Convert.ToHexString(SHA256.HashData(input.Image)))
            + string.Join(' ', (input.Statistics ?? []).Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
    }

    private static AuditFinding Finding(string subject, AuditSeverity severity, IReadOnlyList<int> cases, string found, string advice) =>
        new()
    {
        Check = AuditCheck.Sampling, Subject = subject, Severity = severity, Cases = cases, Found = found, Advice = advice,
    };
}
