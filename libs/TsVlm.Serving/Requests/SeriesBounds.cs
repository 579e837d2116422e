using TsVlm.Data;

namespace TsVlm.Serving.Requests;

/// <summary>Refuses series that are too many, too large or empty.</summary>
/// <param name="settings">The bounds.</param>
internal sealed class SeriesBounds(ServingSettings settings)
{
    /// <summary>The number of series of a request.</summary>
    /// <exception cref="RequestException">None, or too many.</exception>
    public void CheckSeries(long count, string place) => Check(count, settings.MaxSeries, "series", place);

    /// <summary>The number of channels of a series.</summary>
    /// <exception cref="RequestException">None, or too many.</exception>
    public void CheckChannels(long count, string place) => Check(count, settings.MaxChannels, "channels", place);

    /// <summary>The number of time steps of a series.</summary>
    /// <exception cref="RequestException">None, or too many.</exception>
    public void CheckSteps(long count, string place) => Check(count, settings.MaxSteps, "time steps", place);

    /// <summary>A series of these channels.</summary>
    /// <exception cref="RequestException">The channels are not equally long, or have no value.</exception>
    public static TimeSeries Series(double[][] channels, string place)
    {
        for (var c = 1; c < channels.Length; c++)
            if (channels[c].Length != channels[0].Length)
                throw new RequestException(
                    $"{place}[{c}]: expected {channels[0].Length} time steps as in channel 0, found {channels[c].Length}.");
        return channels.Any(values => values.Any(value => !double.IsNaN(value))) ? new TimeSeries(channels)
            : throw new RequestException($"{place}: expected a series with values, found missing ones alone.");
    }

    private static void Check(long count, int max, string what, string place)
    {
        if (count < 1 || count > max) throw new RequestException($"{place}: expected from 1 to {max} {what}, found {count}.");
    }
}
