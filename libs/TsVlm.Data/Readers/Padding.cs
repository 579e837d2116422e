namespace TsVlm.Data.Readers;

/// <summary>
/// Ends a series before the missing values that fill it up to the width of its file, and counts how often that was needed.
/// </summary>
internal sealed class Padding
{
    private int numShortened;

    /// <summary>The series up to the last time step that any channel has a value at.</summary>
    /// <exception cref="DataException">No channel has a value.</exception>
    public TimeSeries Remove(double[][] channels, LineReader lines)
    {
        var length = channels.Max(values => Array.FindLastIndex(values, value => !double.IsNaN(value)) + 1);
        if (length == 0) throw lines.Error("expected at least one value, found only missing ones. Remove the case.");
        if (length == channels[0].Length) return new TimeSeries(channels);
        numShortened++;
        return new TimeSeries(channels.Select(values => values[..length]));
    }

    /// <summary>One sentence where a series was ended early, else nothing.</summary>
    public IEnumerable<string> Warnings(string fileName) => numShortened == 0 ? [] :
        [$"{fileName}: missing values at the end of {Fields.Plural(numShortened, "line", "lines")} were read as the end of a shorter series."];
}
