namespace TsVlm.Contracts.Http;

/// <summary>How large a data set is.</summary>
/// <param name="Name">What experiments call it.</param>
/// <param name="NumTrain">Training cases of the archive's own split.</param>
/// <param name="NumTest">Test cases of it.</param>
/// <param name="NumChannels">Channels of a series.</param>
/// <param name="MinLength">Time steps of the shortest series.</param>
/// <param name="MaxLength">Time steps of the longest series.</param>
/// <param name="NumClasses">Classes.</param>
/// <param name="Error">Why it cannot be used; null where it can.</param>
public sealed record DatasetSize(string Name, int NumTrain, int NumTest, int NumChannels, int MinLength, int MaxLength, int NumClasses,
    string? Error)
{
    /// <summary>Missing values over all cases and channels.</summary>
    public long NumMissing { get; init; }

    /// <summary>What a user should know of the data, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A data set in the store.</summary>
/// <param name="ContentHash">Names it by its content.</param>
/// <param name="Bytes">Size of its file.</param>
public sealed record StoredDataset(string ContentHash, long Bytes);
