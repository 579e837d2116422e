namespace TsVlm.Data.Splits;

/// <summary>
/// The archive's split, and resamples of it that keep the number of cases of each class in each part (Bagnall et al. 2017,
/// "The great time series classification bake off", section 3). About a fifth of each class's training cases is held out for validation.
/// </summary>
internal static class OfficialSplit
{
    private const double ValidationShare = 0.2;
    private const int MinForValidation = 3;

    /// <summary>The split; resample 0 is the archive's own.</summary>
    public static DatasetSplit Of(Dataset dataset, int resample)
    {
        RequireBothParts(dataset);
        var random = new Random(resample);
        var (train, validation, test) = (new List<int>(), new List<int>(), new List<int>());
        var rare = new List<string>();
        foreach (var (name, cases) in ClassMembers.Of(dataset))
        {
            var numTrain = cases.Count(c => c < dataset.NumOfficialTrain);
            var order = resample == 0 ? cases : ClassMembers.Shuffled(cases, random);
            test.AddRange(order.Skip(numTrain));
            var learned = ClassMembers.Shuffled([.. order.Take(numTrain)], random);
            var numValidation = numTrain < MinForValidation ? 0 : Math.Max(1, (int)Math.Round(ValidationShare * numTrain));
            validation.AddRange(learned.Take(numValidation));
            train.AddRange(learned.Skip(numValidation));
            if (numTrain < MinForValidation) rare.Add(name);
        }
        return new DatasetSplit([.. train.Order()], [.. validation.Order()], [.. test.Order()], [.. Warnings(rare, validation.Count)]);
    }

    private static IEnumerable<string> Warnings(List<string> rare, int numValidation)
    {
        if (rare.Count > 0)
            yield return $"{Fields.Plural(rare.Count, "class has", "classes have")} fewer than {MinForValidation} training cases "
                + $"and none in validation: {Fields.List(rare)}.";
        if (numValidation == 0)
            yield return "The validation split is empty: no class has training cases to spare, so no checkpoint can be chosen by it.";
    }

    private static void RequireBothParts(Dataset dataset)
    {
        var numTest = dataset.Cases.Count - dataset.NumOfficialTrain;
        if (dataset.NumOfficialTrain == 0 || numTest == 0)
            throw new DataException($"{dataset.Name}: expected training and test cases for protocol {Splitter.Official}, "
                + $"found {dataset.NumOfficialTrain} and {numTest}. Use protocol {Splitter.EightyTenTen}.");
    }
}
