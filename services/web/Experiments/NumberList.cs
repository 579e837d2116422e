using System.Globalization;

namespace TsVlm.Web.Experiments;

/// <summary>Seeds and resamples as people write them: <c>0</c>, <c>0, 2</c> or <c>0..4</c>.</summary>
internal static class NumberList
{
    private const int MaxNumbers = 10_000;

    /// <summary>The numbers of a text, or what is wrong with it.</summary>
    public static (IReadOnlyList<int> Numbers, string? Error) Parse(string what, string text)
    {
        var numbers = new List<int>();
        foreach (var part in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split("..");
            if (ends.Length > 2 || !IsNumber(ends[0], out var first) || !IsNumber(ends[^1], out var last) || last < first
                || last - (long)first >= MaxNumbers)
                return ([], $"{what}: expected numbers of 0 or more, such as 0 or 0..4 or 0, 2, found '{part}'.");
            numbers.AddRange(Enumerable.Range(first, last - first + 1));
            if (numbers.Count > MaxNumbers) return ([], $"{what}: expected at most {MaxNumbers} numbers, found more.");
        }
        return numbers.Count > 0 ? (numbers, null) : ([], $"{what}: expected one or more numbers, such as 0 or 0..4, found none.");
    }

    /// <summary>The text of some numbers.</summary>
    public static string Text(IEnumerable<int> numbers)
    {
        var sorted = numbers.Distinct().Order().ToList();
        return sorted.Count > 1 && sorted[^1] - sorted[0] == sorted.Count - 1
            ? FormattableString.Invariant($"{sorted[0]}..{sorted[^1]}")
            : string.Join(", ", sorted.Select(number => number.ToString(CultureInfo.InvariantCulture)));
    }

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
