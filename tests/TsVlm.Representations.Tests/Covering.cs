namespace TsVlm.Representations.Tests;

/// <summary>
/// Combinations of settings in which any values of any three settings occur together: a fault that takes four settings is rare, and every
/// combination would be several times as many.
/// </summary>
internal static class Covering
{
    /// <summary>One index a setting in each combination; the same combinations for the same numbers of values.</summary>
    public static IReadOnlyList<int[]> Triples(params int[] numValues)
    {
        var combinations = All(numValues).Select(values => (Values: values, Triples: TriplesOf(values).ToList())).ToList();
        var open = combinations.SelectMany(combination => combination.Triples).ToHashSet();
        var chosen = new List<int[]>();
        while (open.Count > 0)
        {
            var next = combinations.MaxBy(combination => combination.Triples.Count(open.Contains));
            open.ExceptWith(next.Triples);
            chosen.Add(next.Values);
        }
        return chosen;
    }

    private static IEnumerable<int[]> All(int[] numValues) => numValues.Aggregate(
        (IEnumerable<int[]>)[[]], (before, count) =>
            before.SelectMany(values => Enumerable.Range(0, count).Select(value => (int[])[.. values, value])));

    private static IEnumerable<(int, int, int, int, int, int)> TriplesOf(int[] values)
    {
        for (var a = 0; a < values.Length; a++)
            for (var b = a + 1; b < values.Length; b++)
                for (var c = b + 1; c < values.Length; c++) yield return (a, values[a], b, values[b], c, values[c]);
    }
}
