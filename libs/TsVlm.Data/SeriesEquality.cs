namespace TsVlm.Data;

/// <summary>Series are equal when every value of every channel is, missing values included.</summary>
public sealed class SeriesEquality : IEqualityComparer<TimeSeries>
{
    /// <inheritdoc />
    public bool Equals(TimeSeries? x, TimeSeries? y)
    {
        if (x is null || y is null) return x is null && y is null;
        if (x.NumChannels != y.NumChannels || x.Length != y.Length) return false;
        for (var channel = 0; channel < x.NumChannels; channel++)
        {
            // By Equals rather than ==, so that a missing value equals a missing value.
            if (!x.Channel(channel).SequenceEqual(y.Channel(channel), EqualityComparer<double>.Default)) return false;
        }
        return true;
    }

    /// <inheritdoc />
    public int GetHashCode(TimeSeries series)
    {
        var hash = new HashCode();
        hash.Add(series.NumChannels);
        foreach (var value in series.Channel(0)) hash.Add(value);
        return hash.ToHashCode();
    }
}
