using System.Text.RegularExpressions;

namespace TsVlm.Representations.Text;

/// <summary>What a rationale may be: one line that fits, and says something else than the class's name.</summary>
public static partial class RationaleText
{
    /// <summary>The text on one line, with single blanks.</summary>
    public static string Clean(string text) => Blanks().Replace(text, " ").Trim();

    /// <summary>The text, or of one that does not fit its longest beginning that ends a statement; empty where none does.</summary>
    public static string Shorten(string text, Func<string, bool> fits)
    {
        if (fits(text)) return text;
        foreach (var end in StatementEnds().Matches(text).Reverse())
            if (text[..end.Index].TrimEnd() is { Length: > 0 } beginning && fits(beginning)) return beginning;
        return "";
    }

    /// <summary>
    /// Whether the text gives a class away by its name. A name without letters is a number that a series may hold too; it counts where the
    /// text says that it is the class.
    /// </summary>
    public static bool Names(string text, string label)
    {
        var name = Regex.Escape(label.Trim());
        var pattern = label.Any(char.IsLetter)
            ? $@"(?<!\w){name}(?!\w)" : $@"\b(class|classes|label|category|answer|option|number)\W{{0,4}}{name}(?!\w|\.\w)";
        return Regex.IsMatch(text, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=[.!?])\s|;\s")]
    private static partial Regex StatementEnds();
}
