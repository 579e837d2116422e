using System.Globalization;
using System.Text.RegularExpressions;

namespace TsVlm.Data.Readers;

/// <summary>A time as text: a number, or a date in ISO 8601. Other dates are refused, because 03/04/2025 has two meanings.</summary>
internal static partial class TimeText
{
    /// <summary>What an error says about how to write a time.</summary>
    public const string Advice = "Write a number, or a date in ISO 8601 such as 2007-01-31 or 2007-01-31 00:00:00.";

    /// <summary>A number that orders times: the number itself, or the ticks of the date in UTC.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double time)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out time) && double.IsFinite(time)) return true;
        if (!IsoDate().IsMatch(text)
            || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
                out var date))
            return false;
        time = date.Ticks;
        return true;
    }

    [GeneratedRegex(@"^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?Z|[+-]\d{2}:?\d{2})?)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex IsoDate();
}
