namespace TsVlm.Data;

/// <summary>The numbers of a data set that a user wants to see before using it.</summary>
public sealed record DatasetSummary
{
    /// <summary>What the archive calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Cases of the archive's training split.</summary>
    public required int NumTrain { get; init; }

    /// <summary>Cases of the archive's test split; 0 where there is none.</summary>
    public required int NumTest { get; init; }

    /// <summary>Channels of the series; the most where series differ.</summary>
    public required int NumChannels { get; init; }

    /// <summary>Time steps of the shortest series.</summary>
    public required int MinLength { get; init; }

    /// <summary>Time steps of the longest series.</summary>
    public required int MaxLength { get; init; }

    /// <summary>The classes, in the data set's order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Share of the largest class among the training cases, from 0 to 1: what guessing it would get there.</summary>
    public required double LargestTrainShare { get; init; }

    /// <summary>Training cases of the smallest class; 0 for a class without any.</summary>
    public required int SmallestTrainClass { get; init; }

    /// <summary>Missing values over all cases and channels.</summary>
    public required long NumMissing { get; init; }

    /// <summary>True when all series have the same length.</summary>
    public bool EqualLength => MinLength == MaxLength;

    /// <summary>What a user should know of the data, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Counts them.</summary>
    /// <exception cref="DataException">The data set has no case.</exception>
    public static DatasetSummary Of(Dataset dataset)
    {
        if (dataset.Cases.Count == 0)
            throw new DataException($"{dataset.Name}: expected at least one case, found none. Check the data set's files.");
        var train = dataset.Cases.Take(dataset.NumOfficialTrain).CountBy(c => c.Label).ToDictionary();
        return new DatasetSummary
        {
            Name = dataset.Name,
            NumTrain = dataset.NumOfficialTrain,
            NumTest = dataset.Cases.Count - dataset.NumOfficialTrain,
            NumChannels = dataset.Cases.Max(c => c.Series.NumChannels),
            MinLength = dataset.Cases.Min(c => c.Series.Length),
            MaxLength = dataset.Cases.Max(c => c.Series.Length),
            Classes = dataset.Classes,
            LargestTrainShare = train.Count == 0 ? 0 : (double)train.Values.Max() / dataset.NumOfficialTrain,
            SmallestTrainClass = dataset.Classes.Min(c => train.GetValueOrDefault(c)),
            NumMissing = dataset.Cases.Sum(c => (long)c.Series.NumMissing),
            Warnings = dataset.Warnings,
        };
    }
}
