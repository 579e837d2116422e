using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Representations;
using TsVlm.Representations.Samples;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// Audits data sets with the scenarios, the model's inputs and the splits that a run would have. Equal input and seed give equal findings.
/// </summary>
/// <param name="scenarios">The scenarios of the run.</param>
/// <param name="model">Image size, template and tokenizer of the model.</param>
/// <param name="splits">The protocol, and its resamples.</param>
/// <param name="settings">How to look.</param>
public sealed class DatasetAuditor(IReadOnlyList<Scenario> scenarios, ModelInputs model, IReadOnlyList<SplitReference> splits,
    AuditSettings settings)
{
    /// <summary>Makes every check; what cannot be split or shown is a finding, not an error.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="progress">Told the check that begins, and how far one of many series is.</param>
    public DatasetAudit Run(Dataset dataset, CancellationToken cancellationToken, Action<string>? progress = null)
    {
        progress ??= _ => { };
        if (dataset.Cases.Count == 0)
            return DatasetAudit.Unreadable(dataset.Name, $"{dataset.Name}: expected at least one case, found none.");
        var findings = new List<AuditFinding>();
        findings.AddRange(LabelLikeness.Find(dataset.Classes).Select(found => new AuditFinding
        {
            Check = AuditCheck.Usable, Severity = AuditSeverity.Warning, Found = found, Advice = LabelLikeness.Advice,
        }));
        var audited = Splits(dataset, findings);
        progress("duplicates");
        var search = PairSearch.Of(dataset, settings.Seed, cancellationToken, progress);
        findings.AddRange(DuplicateCheck.Within(dataset, search));
        foreach (var split in audited)
        {
            progress($"{split.Name}, split");
            findings.AddRange(SplitCheck.Of(dataset, split));
            if (findings.Any(f => f is { Check: AuditCheck.Split, Severity: AuditSeverity.Problem } && f.Subject == split.Name)) continue;
            findings.AddRange(SelectionCheck.Recipes(scenarios, split));
            if (split.Cases.Test.Count == 0) continue;
            findings.AddRange(DuplicateCheck.Of(dataset, split, search));
            progress($"{split.Name}, shortcuts");
            findings.AddRange(ShortcutCheck.Of(dataset, split, settings));
            findings.AddRange(ClassPriorCheck.Of(dataset, split, settings.Seed));
            progress($"{split.Name}, input shift");
            findings.AddRange(InputShiftCheck.Of(dataset, split, settings, cancellationToken,
                done => progress($"{split.Name}, input shift, {done}")));
        }
        if (audited.Count > 0) findings.AddRange(Samples(dataset, audited[0], progress, cancellationToken));
        if (findings.All(f => f is not { Check: AuditCheck.Usable, Severity: AuditSeverity.Problem }))
            findings.Add(new AuditFinding
            {
                Check = AuditCheck.Usable, Severity = AuditSeverity.Ok,
                Found = $"{MetricText.Count(dataset.Cases.Count, "case")} can be read, split, and shown to the model by {MetricText.Count(scenarios.Count, "scenario")}.",
            });
        return new(dataset.Name, DatasetSummary.Of(dataset), [.. findings.OrderBy(f => f.Check).ThenByDescending(f => f.Severity)],
            Pairs(dataset, search, audited));
    }

    private List<AuditedSplit> Splits(Dataset dataset, List<AuditFinding> findings)
    {
        var audited = new List<AuditedSplit>();
        foreach (var split in splits)
        {
            try
            {
                audited.Add(new AuditedSplit(split.Protocol, split.Resample, Splitter.Split(dataset, split.Protocol, split.Resample)));
            }
            catch (DataException error)
            {
                findings.Add(Unusable($"{split.Protocol}-{split.Resample}", error.Message,
                    "Audit with the protocol that the run will have."));
            }
        }
        return audited;
    }

    /// <summary>
    /// Scenarios of one representation show the same samples, so they are looked at once; the first split stands for all.
    /// </summary>
    private IEnumerable<AuditFinding> Samples(Dataset dataset, AuditedSplit split, Action<string> progress,
        CancellationToken cancellationToken)
    {
        int[] test = [.. split.Cases.Test];
        if (test.Length > settings.MaxSamples) new Random(settings.Seed).Shuffle(test);
        var shown = split.Cases with { Test = [.. test.Take(settings.MaxSamples).Order()] };
        foreach (var alike in scenarios.Select(s => s.Canonical())
            .GroupBy(s => JsonSerializer.Serialize(s.Representation, ContractJson.Compact)))
        {
            var (representation, subject) = (alike.First().Representation, AuditText.List([.. alike.Select(s => s.Name)]));
            progress($"samples of {subject}");
            List<AuditFinding> found;
            try
            {
                var own = new SampleMaking(dataset, shown, representation, model, split.Resample);
                IEnumerable<Sample> Make(Dataset cases, DatasetSplit at, string part) =>
                    (ReferenceEquals(cases, dataset)
                    ? own : new SampleMaking(cases, at, representation, model, split.Resample)).Splits.Single(s => s.Name == part).Samples;
                found =
                [
                    .. LabelInSampleCheck.Of(dataset, shown, subject, Make, settings, cancellationToken),
                    SelectionCheck.Fitting(dataset, shown, subject, Make, cancellationToken),
                    SamplingCheck.Of(dataset, shown, subject, Make, IsControl(representation), cancellationToken),
                ];
            }
            catch (RepresentationException error)
            {
                found = [Unusable(subject, error.Message,
                    "No run of this scenario would succeed on this data set: change the setting that the message names.")];
            }
            foreach (var finding in found) yield return finding;
        }
    }

    /// <summary>Whether the scenario shows nothing of a series, on purpose.</summary>
    private static bool IsControl(Representation representation) =>
        representation is { Arm: Arm.BlankImage or Arm.Text, Text: TextKind.None };

    private static List<AuditedPair> Pairs(Dataset dataset, PairSearch search, List<AuditedSplit> audited)
    {
        var parts = audited.Select(s => (s.Name, Learnt: s.Learnt.ToHashSet(), Test: s.Cases.Test.ToHashSet())).ToList();
        return [.. search.Pairs.Select(
            pair => new AuditedPair(pair, dataset.Cases[pair.First].Label, dataset.Cases[pair.Second].Label, FileOf(pair.First),
                FileOf(pair.Second),
            [.. parts.Where(s => DuplicateCheck.Crosses(pair, s.Learnt, s.Test)).Select(s => s.Name)]))];

        string FileOf(int index) => index < dataset.NumOfficialTrain ? "train" : "test";
    }

    private static AuditFinding Unusable(string subject, string reason, string advice) =>
        new() { Check = AuditCheck.Usable, Severity = AuditSeverity.Problem, Subject = subject, Found = reason, Advice = advice };
}
