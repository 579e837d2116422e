namespace TsVlm.Data;

/// <summary>
/// A time step that numbers the cases: over the training cases or over all cases its values are consecutive whole numbers, each once.
/// A row number that was read as a value gives away the order of the file, and so often the class.
/// </summary>
public static class CaseNumbers
{
    private const int MinCases = 8;

    /// <summary>Channel and time step of every such column; none in a part of fewer than 8 cases.</summary>
    public static IReadOnlyList<(int Channel, int Step)> Find(IReadOnlyList<LabelledSeries> cases)
    {
        if (cases.Count < MinCases) return [];
        var (numChannels, length) = (cases.Min(c => c.Series.NumChannels), cases.Min(c => c.Series.Length));
        return [.. from channel in Enumerable.Range(0, numChannels) from step in Enumerable.Range(0, length)
            where Counts(cases, channel, step) select (channel, step)];
    }

    /// <summary>One sentence for each such time step of a data set.</summary>
    internal static IEnumerable<string> Notes(IReadOnlyList<LabelledSeries> train, IReadOnlyList<LabelledSeries> test) =>
        from place in Find(train).Union(Find([.. train, .. test]))
        select $"The values at time step {place.Step} of channel {place.Channel} number the cases one by one. If they are row numbers, remove them from the file.";

    private static bool Counts(IReadOnlyList<LabelledSeries> cases, int channel, int step)
    {
        var (min, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var (series, _) in cases)
        {
            var value = series.Channel(channel)[step];
            if (value != Math.Floor(value) || double.IsNaN(value)) return false;
            min = Math.Min(min, value);
            greatest = Math.Max(greatest, value);
            if (greatest - min >= cases.Count) return false;
        }
        return greatest - min == cases.Count - 1 && cases.Select(c => c.Series.Channel(channel)[step]).Distinct().Count() == cases.Count;
    }
}
