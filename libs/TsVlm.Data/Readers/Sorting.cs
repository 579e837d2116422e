using System.Globalization;

namespace TsVlm.Data.Readers;

/// <summary>The one order of names that no header orders.</summary>
internal static class Sorting
{
    /// <summary>Each name once: by number where all are numbers, else by character code.</summary>
    public static IReadOnlyList<string> Natural(IEnumerable<string> names)
    {
        var distinct = names.Distinct().Order(StringComparer.Ordinal).ToList();
        var numbers = distinct.Select(name =>
            double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : (double?)null).ToList();
        return numbers.Contains(null) ? distinct : [.. distinct.Zip(numbers).OrderBy(pair => pair.Second).Select(pair => pair.First)];
    }
}
