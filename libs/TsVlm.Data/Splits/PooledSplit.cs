namespace TsVlm.Data.Splits;

/// <summary>
/// 80% training, 10% validation and 10% test of all cases, each class in the same shares. A class with three cases or more is in every
/// part; one with two is in training and test, one with a single case in training. Many small classes make the parts larger than a tenth
/// each, which <see cref="SplitShares"/> puts into words.
/// </summary>
internal static class PooledSplit
{
    private const int MinForEveryPart = 3;

    /// <summary>The split, seeded by the resample.</summary>
    public static DatasetSplit Of(Dataset dataset, int resample)
    {
        var members = ClassMembers.Of(dataset);
        int[] counts = [.. members.Select(m => m.Cases.Count)];
        var numHeldOut = SplitShares.NumHeldOut(dataset.Cases.Count);
        // A class gives the same number to validation and test; with two cases it gives only the test one.
        var heldOut = Apportion(counts, numHeldOut);
        var random = new Random(resample);
        var (train, validation, test) = (new List<int>(), new List<int>(), new List<int>());
        foreach (var (index, (_, cases)) in members.Index())
        {
            var order = ClassMembers.Shuffled(cases, random);
            var numTest = cases.Count == 2 ? 1 : heldOut[index];
            test.AddRange(order.Take(numTest));
            validation.AddRange(order.Skip(numTest).Take(heldOut[index]));
            train.AddRange(order.Skip(numTest + heldOut[index]));
        }
        return new DatasetSplit([.. train.Order()], [.. validation.Order()], [.. test.Order()],
            [.. Warnings(members, validation.Count, test.Count)]);
    }

    /// <summary>
    /// Shares out a number of cases among classes by largest remainder, ties to the earlier class: at least one for each class with three
    /// cases or more, none for the others.
    /// </summary>
    private static int[] Apportion(int[] counts, int total)
    {
        var quotas = counts.Select(count => count < MinForEveryPart ? 0 : SplitShares.HeldOut * count).ToArray();
        var shares = counts.Select((count, i) => count < MinForEveryPart ? 0 : Math.Max(1, (int)quotas[i])).ToArray();
        var next = Enumerable.Range(0, counts.Length).Where(i => quotas[i] > shares[i]).OrderByDescending(i => quotas[i] - shares[i]);
        foreach (var i in next.Take(Math.Max(0, total - shares.Sum()))) shares[i]++;
        return shares;
    }

    private static IEnumerable<string> Warnings(
        IReadOnlyList<(string Name, IReadOnlyList<int> Cases)> members, int numValidation, int numTest)
    {
        List<string> single = [.. members.Where(m => m.Cases.Count == 1).Select(m => m.Name)];
        List<string> pairs = [.. members.Where(m => m.Cases.Count == 2).Select(m => m.Name)];
        if (single.Count > 0)
            yield return $"{Fields.Plural(single.Count, "class has", "classes have")} one case, in training only: {Fields.List(single)}.";
        if (pairs.Count > 0)
            yield return $"{Fields.Plural(pairs.Count, "class has", "classes have")} two cases, in training and test, "
                + $"none in validation: {Fields.List(pairs)}.";
        if (numValidation == 0)
            yield return "The validation split is empty: no class has cases to spare, so no checkpoint can be chosen by it.";
        if (numTest == 0) yield return "The test split is empty: no class has cases to spare, so no metric can be computed.";
    }
}
