using System.Globalization;

namespace TsVlm.Data;

/// <summary>Reads single fields of a line: numbers, labels, whole numbers; every error names the line.</summary>
internal static class Fields
{
    private const int MaxQuotedLength = 40;

    /// <summary>A value, NaN where it is written as <c>?</c> or <c>NaN</c>.</summary>
    /// <exception cref="DataException">Empty, not a number, or infinite.</exception>
    public static double Value(ReadOnlySpan<char> text, LineReader lines, int channel, int step)
    {
        text = text.Trim();
        if (text is "?") return double.NaN;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            throw lines.Error($"expected a number in channel {channel} at time step {step}, found {Quote(text)}. "
                + "Write a missing value as ? or NaN and the decimal point as a dot.");
        if (double.IsInfinity(value))
            throw lines.Error($"expected a finite number in channel {channel} at time step {step}, found {Quote(text)}. "
                + "Replace it, or write ? where the value is missing.");
        return value;
    }

    /// <summary>A label, letter for letter without the blanks around it.</summary>
    /// <exception cref="DataException">Empty, not UTF-8, or with control characters.</exception>
    public static string Label(ReadOnlySpan<char> text, LineReader lines)
    {
        text = text.Trim();
        if (text.IsEmpty) throw lines.Error("expected a label, found none. Give every case its class.");
        if (text.Contains('\uFFFD'))
            throw lines.Error($"expected a label in UTF-8, found {Quote(text)}. Save the file as UTF-8.");
        return text.IndexOfAnyInRange('\0', '\u001F') < 0 && text.IndexOfAnyInRange('\u007F', '\u009F') < 0
            ? text.ToString() : throw lines.Error(
            $"expected a label without control characters, found {Quote(text)}. Remove them from the label.");
    }

    /// <summary>A whole number of at least 1.</summary>
    public static int Count(string text, string what, LineReader lines) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw lines.Error($"expected a whole number of at least 1 after {what}, found {Quote(text)}. Correct the header.");

    /// <summary>The text in quotes, shortened where it is long, control and invisible characters as escapes.</summary>
    public static string Quote(ReadOnlySpan<char> text) =>
        text.Length <= MaxQuotedLength ? $"'{VisibleText.Of(text)}'" : $"'{VisibleText.Of(text[..MaxQuotedLength])}...'";

    /// <summary>The names in quotes, the first ten of them where there are more.</summary>
    public static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(10).Select(name => Quote(name))) + (names.Count > 10 ? $" and {names.Count - 10} more" : "");

    /// <summary>"1 series", "2 cases": the count with the word that fits it.</summary>
    public static string Plural(int count, string one, string many) =>
        $"{count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}";
}
