using System.Collections.Concurrent;
using TsVlm.Data;
using TsVlm.Experiments;

namespace TsVlm.Scenarios.Experiments;

/// <summary>The sizes of the catalog's data sets, each read once.</summary>
internal sealed class DatasetSizes(DatasetCatalog catalog)
{
    private readonly ConcurrentDictionary<string, DatasetSize> sizes = new();

    public DatasetSize Of(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return sizes.GetOrAdd(name, Read);
    }

    private DatasetSize Read(string name)
    {
        try
        {
            var summary = DatasetSummary.Of(catalog.Open(name));
            return new(name, summary.NumTrain, summary.NumTest, summary.NumChannels, summary.MinLength, summary.MaxLength,
                summary.Classes.Count, null);
        }
        catch (DataException error)
        {
            return new(name, 0, 0, 0, 0, 0, 0, error.Message);
        }
    }
}

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
    string? Error);
