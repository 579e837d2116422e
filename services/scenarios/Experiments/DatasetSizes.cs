using System.Collections.Concurrent;
using TsVlm.Contracts.Http;
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
