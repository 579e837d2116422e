namespace TsVlm.Data.Splits;

/// <summary>
/// Splits a data set into training, validation and test cases. Same data set, protocol and resample: same split, always.
/// Every case is in at most one part; no class is dropped.
/// </summary>
public static class Splitter
{
    /// <summary>
    /// The archive's own split at resample 0; its sizes and class counts, drawn anew, at others. Validation is held out of training.
    /// </summary>
    public const string Official = "official";

    /// <summary>80% training, 10% validation, 10% test of all cases, drawn anew at each resample.</summary>
    public const string EightyTenTen = "80-10-10";

    /// <summary>All protocols.</summary>
    public static IReadOnlyList<string> Protocols { get; } = [Official, EightyTenTen];

    /// <summary>Splits the data set; case numbers are those of <see cref="Dataset.Cases"/>, ascending in each part.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="protocol"><see cref="Official"/> or <see cref="EightyTenTen"/>.</param>
    /// <param name="resample">Which of the protocol's splits, from 0; seeds every draw.</param>
    /// <exception cref="DataException">No such protocol, or one that does not fit the data set.</exception>
    public static DatasetSplit Split(Dataset dataset, string protocol, int resample)
    {
        if (resample < 0) throw new DataException(
            $"{dataset.Name}: expected a resample of 0 or more, found {resample}. Number resamples from 0.");
        return protocol switch
        {
            Official => OfficialSplit.Of(dataset, resample),
            EightyTenTen => PooledSplit.Of(dataset, resample),
            _ => throw new DataException($"{dataset.Name}: expected protocol {string.Join(" or ", Protocols)}, "
                + $"found {Fields.Quote(protocol)}. Choose one of these."),
        };
    }
}
