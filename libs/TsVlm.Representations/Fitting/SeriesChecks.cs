using TsVlm.Data;

namespace TsVlm.Representations.Fitting;

/// <summary>Refuses series that no representation of the data set can show.</summary>
internal static class SeriesChecks
{
    // Squares of larger values leave the range of a double.
    private const double LargestMagnitude = 1e100;

    /// <exception cref="RepresentationException">Another number of channels, or a value that is infinite or too large.</exception>
    public static void Check(TimeSeries series, int numChannels, string where)
    {
        if (series.NumChannels != numChannels)
            throw new RepresentationException(
                $"{where}: expected {numChannels} channels as in the first training case, found {series.NumChannels}; use series of one kind.");
        for (var c = 0; c < numChannels; c++)
        {
            var values = series.Channel(c);
            for (var t = 0; t < values.Length; t++)
                if (Math.Abs(values[t]) > LargestMagnitude)
                    throw new RepresentationException(FormattableString.Invariant(
                        $"{where}: expected values up to 1e100 in magnitude, found {values[t]} in channel {c} at step {t}; mark it as missing (NaN) or rescale."));
        }
    }
}
