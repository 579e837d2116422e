using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Samples;

namespace TsVlm.Evaluation.Audit;

/// <summary>Whether anything is fitted or chosen on test cases.</summary>
internal static class SelectionCheck
{
    private const int MaxSamples = 50;

    /// <summary>What the recipes choose on.</summary>
    public static IEnumerable<AuditFinding> Recipes(IReadOnlyList<Scenario> scenarios, AuditedSplit split)
    {
        var stopping = scenarios.Where(s => s.Recipe.Patience > 0).Select(s => s.Name).ToList();
        if (split.Cases.Validation.Count == 0)
            yield return new AuditFinding
            {
                Check = AuditCheck.Selection, Subject = split.Name, Severity = stopping.Count > 0
                    ? AuditSeverity.Warning : AuditSeverity.Note,
                Found = "There is no validation case, so no checkpoint can be chosen"
                    + (stopping.Count > 0 ? $" and the patience of {AuditText.List(stopping)} has nothing to go by." : "."),
                Advice = "The last epoch counts: fix the number of epochs beforehand, not by the test.",
            };
        if (scenarios.Count > 1)
            yield return new AuditFinding
            {
                Check = AuditCheck.Selection, Subject = split.Name, Severity = AuditSeverity.Ok,
                Found = $"{scenarios.Count} scenarios meet the same test cases; checkpoints are chosen by validation loss.",
                Advice = "Do not choose among scenarios by test accuracy: that would be a choice by test labels.",
            };
    }

    /// <summary>
    /// Whether the training samples stay the same to the byte when every validation and test series is replaced: then no scale, axis or
    /// factor was fitted on them.
    /// </summary>
    /// <param name="dataset">The cases.</param>
    /// <param name="split">Which case is where.</param>
    /// <param name="subject">What findings call the scenario.</param>
    /// <param name="make">Makes the samples.</param>
    /// <param name="cancellationToken">Stops between two samples.</param>
    public static AuditFinding Fitting(Dataset dataset, DatasetSplit split, string subject, SampleSource make,
        CancellationToken cancellationToken)
    {
        var samples = LabelInSampleCheck.Made(make(dataset, split, SplitNames.Train).Take(MaxSamples), cancellationToken);
        var replaced = LabelInSampleCheck.Made(make(Replaced(dataset, split), split, SplitNames.Train).Take(MaxSamples), cancellationToken);
        var changed = samples.Zip(replaced).Where(p => !LabelInSampleCheck.IsSame(p.First.Input, p.Second.Input)).Select(p => p.First.Case)
            .ToList();
        return new AuditFinding
        {
            Check = AuditCheck.Selection, Subject = subject, Cases = changed, Severity = changed.Count == 0
                ? AuditSeverity.Ok : AuditSeverity.Problem,
            Found = changed.Count == 0
                ? $"{MetricText.Count(samples.Count, "training sample stays", "training samples stay")} the same to the byte when every validation and test series is replaced."
                : $"{changed.Count} of {samples.Count} training samples change when validation and test series are replaced: something is fitted on them.",
            Advice = changed.Count == 0 ? "" : "Fit scales, axes and shortening on the training part alone.",
        };
    }

    /// <summary>
    /// The data set with every validation and test series in other units, and half as long where it has more than one step.
    /// </summary>
    private static Dataset Replaced(Dataset dataset, DatasetSplit split)
    {
        var train = split.Train.ToHashSet();
        List<LabelledSeries> cases = [.. dataset.Cases.Select((c, i) => train.Contains(i) ? c : c with { Series = Other(c.Series) })];
        return dataset.WithCases(cases);
    }

    private static TimeSeries Other(TimeSeries series) => new(Enumerable.Range(0, series.NumChannels)
        .Select(c => series.Channel(c)[..((series.Length + 1) / 2)].ToArray().Select(v => (3 * v) + 7).ToArray()));
}
