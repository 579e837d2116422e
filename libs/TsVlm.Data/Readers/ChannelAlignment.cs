namespace TsVlm.Data.Readers;

/// <summary>Makes one series of channels that may end at different times, and counts how often that was needed.</summary>
internal sealed class ChannelAlignment
{
    private int numPadded;

    /// <summary>The series; channels shorter than the longest are filled with missing values at their end.</summary>
    public TimeSeries Align(IReadOnlyList<double[]> channels)
    {
        var length = channels.Max(values => values.Length);
        if (channels.All(values => values.Length == length)) return new TimeSeries(channels);
        numPadded++;
        return new TimeSeries(channels.Select(values => values.Length == length ? values : Pad(values, length)));
    }

    /// <summary>One sentence where a channel was filled, else nothing.</summary>
    public IEnumerable<string> Warnings(string fileName) => numPadded == 0 ? [] :
        [$"{fileName}: {Fields.Plural(numPadded, "case has", "cases have")} channels of different length; the shorter ones end in missing values."];

    private static double[] Pad(double[] values, int length)
    {
        var padded = new double[length];
        values.CopyTo(padded, 0);
        padded.AsSpan(values.Length).Fill(double.NaN);
        return padded;
    }
}
