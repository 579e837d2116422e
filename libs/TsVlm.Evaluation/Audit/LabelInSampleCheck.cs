using TsVlm.Data;
using TsVlm.Evaluation.Statistics;
using TsVlm.Representations.Samples;

namespace TsVlm.Evaluation.Audit;

/// <summary>
/// Makes the samples of a part (<see cref="SplitNames"/>) in the order of the split, as a run would, while they are enumerated.
/// </summary>
internal delegate IEnumerable<Sample> SampleSource(Dataset dataset, DatasetSplit split, string part);

/// <summary>
/// Whether prompt or image of a test sample tells the label. Two ways: the samples are made again with every test label exchanged for
/// another class, and must be the same to the byte; and what a prompt says of its own series is searched for the texts of classes and
/// answers.
/// </summary>
internal static class LabelInSampleCheck
{
    /// <summary>Findings on one scenario.</summary>
    /// <param name="dataset">The cases.</param>
    /// <param name="split">The split, its test part cut down to the samples to look at.</param>
    /// <param name="subject">What findings call the scenario.</param>
    /// <param name="make">Makes the samples.</param>
    /// <param name="settings">Seed and number of exchanges.</param>
    /// <param name="cancellationToken">Stops between two samples.</param>
    public static IEnumerable<AuditFinding> Of(
        Dataset dataset, DatasetSplit split, string subject, SampleSource make, AuditSettings settings, CancellationToken cancellationToken)
    {
        if (dataset.Classes.Count < 2 || split.Test.Count == 0) yield break;
        var samples = Made(make(dataset, split, SplitNames.Test), cancellationToken);
        var exchanged = Made(make(Exchanged(dataset, split), split, SplitNames.Test), cancellationToken);
        var changed = samples.Zip(exchanged).Where(p => !IsSame(p.First.Input, p.Second.Input)).Select(p => p.First.Case).ToList();
        var isInvariant = changed.Count == 0 && samples.Count == exchanged.Count;
        yield return new AuditFinding
        {
            Check = AuditCheck.LabelInSample, Subject = subject, Cases = changed,
            Severity = isInvariant ? AuditSeverity.Ok : AuditSeverity.Problem,
            Found = isInvariant
                ? $"Prompt and image of {MetricText.Count(samples.Count, "test sample stays", "test samples stay")} the same to the byte "
                    + "when every test label is exchanged for another."
                : $"Prompt or image of {changed.Count} of {samples.Count} test samples changes when the label is exchanged for another: the sample tells the label.",
            Advice = isInvariant ? "" : "Do not train on these samples: what makes them is given the label. Take it out there.",
        };
        foreach (var finding in Texts(dataset, subject, samples, isInvariant, settings)) yield return finding;
        var noted = samples.Where(s => s.Input.Image is { } image && ImageNotes.Of(image).Count > 0).Select(s => s.Case).ToList();
        if (noted.Count > 0)
            yield return new AuditFinding
            {
                Check = AuditCheck.LabelInSample, Subject = subject, Cases = noted, Severity = AuditSeverity.Warning,
                Found = $"{MetricText.Count(noted.Count, "image holds", "images hold")} text beside the pixels.",
                Advice = "The model does not read it, but other programs may: write images without text chunks.",
            };
    }

    /// <summary>The data set with every test case under the next class, the last class's under the first.</summary>
    internal static Dataset Exchanged(Dataset dataset, DatasetSplit split)
    {
        var next = dataset.Classes.Zip([.. dataset.Classes.Skip(1), dataset.Classes[0]]).ToDictionary(c => c.First, c => c.Second);
        var test = split.Test.ToHashSet();
        List<LabelledSeries> cases = [.. dataset.Cases.Select((c, i) => test.Contains(i) ? c with { Label = next[c.Label] } : c)];
        return dataset.WithCases(cases);
    }

    internal static List<Sample> Made(IEnumerable<Sample> samples, CancellationToken cancellationToken)
    {
        var made = new List<Sample>();
        foreach (var sample in samples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            made.Add(sample);
        }
        return made;
    }

    internal static bool IsSame(SampleInput a, SampleInput b) =>
        a.Prompt == b.Prompt && a.Images == b.Images && (a.Statistics ?? []).SequenceEqual(b.Statistics ?? [])
        && (a.Image is null ? b.Image is null : b.Image is not null && a.Image.AsSpan().SequenceEqual(b.Image));

    private static IEnumerable<AuditFinding> Texts(Dataset dataset, string subject, List<Sample> samples, bool isInvariant,
        AuditSettings settings)
    {
        var prompt = SharedPrompt.Of([.. samples.Select(s => s.Input.Prompt)]);
        // Numbers stand in the question for other reasons.
        var words = dataset.Classes.Where(c => c.Any(char.IsLetter)).ToList();
        var question = WithoutList(prompt.Beginning + prompt.End, dataset.Classes);
        var beyond = words.Where(c => SharedPrompt.Mentions(question, c)).ToList();
        if (beyond.Count > 0)
            yield return Text(subject, AuditSeverity.Note, [],
                $"The question names {MetricText.Count(beyond.Count, "class", "classes")} beyond its list of classes: {AuditText.List(beyond)}.",
                "It does so for every series, so it tells no label, but it may draw the model to these classes: rename them.");

        var answerOf = samples.GroupBy(s => dataset.Cases[s.Case].Label).ToDictionary(g => g.Key, g => g.First().Answer);
        var texts = dataset.Classes.Select(c => (string[])[c, .. answerOf.TryGetValue(c, out var answer) && answer != c
            ? [answer] : Array.Empty<string>()]).ToList();
        // mentioned[i][c]: what is said of series i alone names class c.
        bool[][] mentioned = [.. prompt.Own.Select(own => texts.Select(t => t.Any(word => SharedPrompt.Mentions(own, word))).ToArray())];
        var named = samples.Where((_, i) => mentioned[i].Contains(true)).Select(s => s.Case).ToList();
        if (named.Count == 0)
        {
            yield return Text(subject, AuditSeverity.Ok, [], "No prompt names a class or an answer but in what all prompts share.", "");
            yield break;
        }
        int[] classes = [.. samples.Select(s => dataset.Classes.ToList().IndexOf(dataset.Cases[s.Case].Label))];
        var test = PermutationTest.Of(classes, labels => labels.Where((c, i) => mentioned[i][c]).Count(), settings.NumPermutations,
            settings.Seed);
        var isTold = test.PValue < AuditSettings.Level;
        var used = words.Where(c => prompt.Own.Any(own => SharedPrompt.Mentions(own, c))).ToList();
        var statistics = $"{test.Observed:0} name their own class where chance gives {AuditText.Number(test.Mean)}, {MetricText.P(test.PValue)}";
        if (isTold)
            yield return Text(subject, isInvariant && used.Count == 0 ? AuditSeverity.Note : AuditSeverity.Warning, named,
                $"{named.Count} of {samples.Count} prompts name a class or its answer outside the list of classes, and {statistics}.",
                isInvariant ? "The text does not depend on the label, so it is the values that lead to these words or numbers; "
                    + "give the classes names that no text about a series uses."
                    : "Take the label out of what makes the prompt.");
        else
            yield return Text(subject, used.Count > 0 ? AuditSeverity.Note : AuditSeverity.Ok, used.Count > 0 ? named : [],
                $"{named.Count} of {samples.Count} prompts hold a word or number that is also a class or an answer, no more often for its own class than by chance ({statistics}).",
                used.Count > 0 ? $"The classes {AuditText.List(used)} are named like words of the text; other names would be clearer to a model." : "");
    }

    /// <summary>The question without its list of classes; as it is where it has none, or one that lacks a class.</summary>
    private static string WithoutList(string question, IReadOnlyList<string> classes) =>
        question.Replace(string.Join(", ", classes.Select((c, i) => FormattableString.Invariant($"{i}: {c}"))), "",
            StringComparison.Ordinal)
            .Replace(string.Join(", ", classes), "", StringComparison.Ordinal);

    private static AuditFinding Text(string subject, AuditSeverity severity, IReadOnlyList<int> cases, string found, string advice) => new()
    {
        Check = AuditCheck.LabelInSample, Subject = subject, Severity = severity, Cases = cases, Found = found, Advice = advice,
    };
}
