namespace TsVlm.Data.Splits;

/// <summary>The cases of each class, which stratified splits draw from.</summary>
internal static class ClassMembers
{
    /// <summary>Every class in the data set's order with its case numbers, ascending; empty for a class without cases.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<int> Cases)> Of(Dataset dataset)
    {
        var cases = dataset.Cases.Index().ToLookup(c => c.Item.Label, c => c.Index);
        return [.. dataset.Classes.Select(name => (name, (IReadOnlyList<int>)[.. cases[name]]))];
    }

    /// <summary>The cases in a random order (Fisher and Yates).</summary>
    public static IReadOnlyList<int> Shuffled(IReadOnlyList<int> cases, Random random)
    {
        int[] order = [.. cases];
        random.Shuffle(order);
        return order;
    }
}
