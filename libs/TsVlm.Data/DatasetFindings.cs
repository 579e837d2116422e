using System.Globalization;

namespace TsVlm.Data;

/// <summary>What a user should know of the data before trusting metrics computed on it, one sentence each.</summary>
internal static class DatasetFindings
{
    private const int FewCases = 5;
    private const int ImbalanceRatio = 3;

    /// <summary>All findings, in a fixed order.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<string> classes, IReadOnlyList<LabelledSeries> train,
        IReadOnlyList<LabelledSeries> test)
    {
        List<LabelledSeries> all = [.. train, .. test];
        return LabelLikeness.Find(classes).Select(found => $"{found} {LabelLikeness.Advice}").Concat(MissingValues(all))
            .Concat(Lengths(all)).Concat(ConstantSeries(all)).Concat(ClassCounts(classes, train, test))
            .Concat(Repeats(train, test)).Concat(CaseNumbers.Notes(train, test));
    }

    private static IEnumerable<string> MissingValues(List<LabelledSeries> all)
    {
        var affected = all.Where(c => c.Series.NumMissing > 0).ToList();
        if (affected.Count == 0) yield break;
        var total = all.Sum(c => (long)c.Series.NumChannels * c.Series.Length);
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{affected.Sum(c => (long)c.Series.NumMissing):N0} of {total:N0} values are missing, in {affected.Count:N0} of {all.Count:N0} series.");
        var empty = affected.Count(c => c.Series.NumMissing == c.Series.NumChannels * c.Series.Length);
        if (empty > 0) yield return $"{Fields.Plural(empty, "series has", "series have")} no value at all.";
    }

    private static IEnumerable<string> Lengths(List<LabelledSeries> all)
    {
        var (shortest, longest) = (all.Min(c => c.Series.Length), all.Max(c => c.Series.Length));
        if (shortest != longest) yield return $"Series have unequal length, {shortest} to {longest} time steps.";
    }

    private static IEnumerable<string> ConstantSeries(List<LabelledSeries> all)
    {
        var whole = all.Count(c => NumConstantChannels(c.Series) == c.Series.NumChannels);
        var partly = all.Count(c => NumConstantChannels(c.Series) is > 0 and var count && count < c.Series.NumChannels);
        if (whole > 0) yield return $"{Fields.Plural(whole, "series is", "series are")} constant.";
        if (partly > 0) yield return $"{Fields.Plural(partly, "series has", "series have")} a constant channel.";
    }

    private static int NumConstantChannels(TimeSeries series)
    {
        var count = 0;
        for (var channel = 0; channel < series.NumChannels; channel++)
        {
            var values = series.Channel(channel);
            if (!values.ContainsAnyExcept(values[0])) count++;
        }
        return count;
    }

    private static IEnumerable<string> ClassCounts(IReadOnlyList<string> classes, IReadOnlyList<LabelledSeries> train,
        IReadOnlyList<LabelledSeries> test)
    {
        var trainCounts = train.CountBy(c => c.Label).ToDictionary();
        var testCounts = test.CountBy(c => c.Label).ToDictionary();
        if (classes.Count == 1) yield return "There is only one class, so there is nothing to tell apart.";
        foreach (var (few, words) in new[] { (1, "no training case"), (2, "one training case"), (FewCases,
            $"fewer than {FewCases} training cases") })
        {
            var min = few switch { 1 => 0, 2 => 1, _ => 2 };
            var rare = classes.Where(c => trainCounts.GetValueOrDefault(c) is var count && count >= min && count < few).ToList();
            if (rare.Count > 0) yield return $"{Fields.Plural(rare.Count, "class has", "classes have")} {words}: {Fields.List(rare)}.";
        }
        var untested = classes.Where(c => test.Count > 0 && !testCounts.ContainsKey(c)).ToList();
        if (untested.Count > 0)
            yield return $"{Fields.Plural(untested.Count, "class has", "classes have")} no test case: {Fields.List(untested)}.";
        if (trainCounts.Count == 0) yield break;
        var (largest, smallest) = (trainCounts.Values.Max(), trainCounts.Values.Min());
        if (largest >= ImbalanceRatio * smallest)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Classes are imbalanced: the largest has {largest} training cases ({100.0 * largest / train.Count:0}%), the smallest {smallest}.");
    }

    private static IEnumerable<string> Repeats(IReadOnlyList<LabelledSeries> train, IReadOnlyList<LabelledSeries> test)
    {
        var labelsOf = train.ToLookup(c => c.Series, c => c.Label, new SeriesEquality());
        var within = train.Count - labelsOf.Count;
        if (within > 0) yield return $"{Fields.Plural(within, "training series repeats", "training series repeat")} another one, value for value.";
        var contradicting = labelsOf.Count(same => same.Distinct().Count() > 1);
        if (contradicting > 0)
            yield return $"{Fields.Plural(contradicting, "training series occurs", "training series occur")} under more than one label.";
        var leaked = test.Count(c => labelsOf.Contains(c.Series));
        if (leaked > 0) yield return $"{Fields.Plural(leaked, "test series also occurs", "test series also occur")} in the training split, value for value.";
    }
}
