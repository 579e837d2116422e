using System.Globalization;
using System.Text;

namespace TsVlm.Data;

/// <summary>
/// Labels that differ in writing and probably mean the same class: equal as numbers (1, 1.0, 01), or equal without regard to case, blanks,
/// invisible characters, and whether an accent is part of its letter or follows it.
/// </summary>
public static class LabelLikeness
{
    private const char Accented = '\u25CC';

    /// <summary>What to do about them, a sentence.</summary>
    public const string Advice = "Write them alike if they mean the same.";

    /// <summary>One sentence for each group of labels that look alike.</summary>
    public static IEnumerable<string> Find(IEnumerable<string> labels) =>
        from alike in labels.Distinct().GroupBy(Key)
        where alike.Count() > 1 && !DifferOnlyInLetters(alike)
        select $"{Fields.Plural(alike.Count(), "label looks", "labels look")} alike and count as different classes: {Fields.List([.. alike])}.";

    private static string Key(string label)
    {
        if (double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return (number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture);
        return Folded(label, accents: true);
    }

    // Invariant globalization has no normalization tables: a letter beyond ASCII and a letter with accents after it share one sign.
    private static string Folded(string label, bool accents)
    {
        var folded = new StringBuilder();
        foreach (var character in label)
        {
            if (char.IsWhiteSpace(character))
            {
                if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
            }
            else if (VisibleText.IsHidden(character)) continue;
            else if (!accents) folded.Append(char.ToUpperInvariant(character));
            else if (IsAccent(character))
            {
                if (folded.Length > 0) folded[^1] = Accented;
            }
            else folded.Append(char.IsLetter(character) && !char.IsAscii(character) ? Accented : char.ToUpperInvariant(character));
        }
        return folded.ToString().TrimEnd();
    }

    // Different letters beyond ASCII share a sign too; they look alike only where one label has accents that follow their letters.
    private static bool DifferOnlyInLetters(IEnumerable<string> alike) =>
        alike.First().Any(c => !char.IsAscii(c)) && !alike.Any(label => label.Any(IsAccent))
        && alike.Select(label => Folded(label, accents: false)).Distinct().Count() == alike.Count();

    private static bool IsAccent(char character) => CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark;
}
