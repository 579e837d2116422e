using System.Collections.Concurrent;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Experiments;

namespace TsVlm.Scenarios.Experiments;

/// <summary>The sizes of the catalog's data sets, each read once for each state of its files.</summary>
internal sealed class DatasetSizes(DatasetCatalog catalog)
{
    private readonly ConcurrentDictionary<string, (string State, DatasetSize Size)> sizes = new();

    public DatasetSize Of(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var state = catalog.StateOf(name);
        if (sizes.TryGetValue(name, out var known) && known.State == state) return known.Size;
        var size = Read(name);
        sizes[name] = (state, size);
        return size;
    }

    private DatasetSize Read(string name)
    {
        try
        {
            var summary = DatasetSummary.Of(catalog.Open(name));
            return new(name, summary.NumTrain, summary.NumTest, summary.NumChannels, summary.MinLength, summary.MaxLength,
                summary.Classes.Count, null) { NumMissing = summary.NumMissing, Warnings = summary.Warnings };
        }
        catch (DataException error)
        {
            return new(name, 0, 0, 0, 0, 0, 0, error.Message);
        }
    }
}
