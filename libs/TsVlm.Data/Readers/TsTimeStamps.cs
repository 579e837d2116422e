namespace TsVlm.Data.Readers;

/// <summary>
/// Reads <c>(stamp,value),(stamp,value)</c>, where a stamp is a number or a date, and counts channels whose stamps do not increase.
/// </summary>
internal sealed class TsTimeStamps
{
    /// <summary>Channels whose stamps do not strictly increase.</summary>
    public int NumUnordered { get; private set; }

    /// <summary>Takes one channel off the line and adds its values; leaves the colon behind it, if there is one.</summary>
    public void Read(ref ReadOnlySpan<char> rest, LineReader lines, int channel, List<double> values)
    {
        var previous = double.NegativeInfinity;
        var ordered = true;
        while (true)
        {
            rest = rest.TrimStart();
            var close = rest.IndexOf(')');
            var comma = close < 0 ? -1 : rest[..close].LastIndexOf(',');
            if (rest.IsEmpty || rest[0] != '(' || comma < 0)
                throw lines.Error($"expected (stamp,value) in channel {channel} at time step {values.Count}, found {Fields.Quote(rest)}. "
                    + "Write every value with its time stamp, or declare @timeStamps false.");
            var stamp = Stamp(rest[1..comma].Trim(), lines, channel, values.Count);
            ordered &= stamp > previous;
            previous = stamp;
            values.Add(Fields.Value(rest[(comma + 1)..close], lines, channel, values.Count));
            rest = rest[(close + 1)..].TrimStart();
            if (rest.IsEmpty || rest[0] == ':') break;
            if (rest[0] != ',')
                throw lines.Error($"expected a comma or a colon after time step {values.Count - 1} of channel {channel}, found {Fields.Quote(rest)}. "
                    + "Separate the pairs by commas.");
            rest = rest[1..];
        }
        if (!ordered) NumUnordered++;
    }

    private static double Stamp(ReadOnlySpan<char> text, LineReader lines, int channel, int step)
    {
        return TimeText.TryParse(text, out var time)
            ? time
            : throw lines.Error(
                $"expected a time stamp in channel {channel} at time step {step}, found {Fields.Quote(text)}. {TimeText.Advice}");
    }
}
