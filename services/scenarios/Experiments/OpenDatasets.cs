using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Experiments;

namespace TsVlm.Scenarios.Experiments;

/// <summary>
/// Data sets of the catalog and of the store as pages look at them, part by part: the last ones stay in memory, as far as they are not too
/// large, and of several requests at once for one data set one reads it.
/// </summary>
internal sealed class OpenDatasets(DatasetCatalog catalog, DatasetImport import) : IDisposable
{
    private const long MaxValues = 16_000_000;   // of all together: 128 MB
    private readonly SemaphoreSlim turn = new(1);
    private readonly List<OpenDataset> kept = [];   // the last used at the end

    /// <summary>The data set of the catalog, or where its content is named, that of the store.</summary>
    /// <exception cref="DataException">It is not there, or its files are bad.</exception>
    public async Task<OpenDataset> Open(string name, string? contentHash, CancellationToken cancellationToken)
    {
        if (contentHash is null) DatasetUpload.CheckName(name);
        await turn.WaitAsync(cancellationToken);
        try
        {
            var state = contentHash ?? catalog.StateOf(name);
            var found = kept.Find(one => one.Dataset.Name == name && one.State == state);
            if (found is null)
            {
                kept.RemoveAll(one => one.Dataset.Name == name && contentHash is null && !one.IsStored);
                var dataset = contentHash is null ? catalog.Open(name) : await import.Open(new(name, contentHash), cancellationToken);
                found = new(dataset, state, contentHash is not null, contentHash ?? DatasetFile.ContentHash(dataset));
            }
            kept.Remove(found);
            kept.Add(found);
            while (kept.Count > 0 && kept.Sum(one => one.NumValues) > MaxValues) kept.RemoveAt(0);
            return found;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}

/// <summary>A data set that was read.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="State">State of its files, or its content hash.</param>
/// <param name="IsStored">Whether it came from the store.</param>
/// <param name="ContentHash">Names it by its content.</param>
internal sealed record OpenDataset(Dataset Dataset, string State, bool IsStored, string ContentHash)
{
    /// <summary>Values over all cases and channels.</summary>
    public long NumValues { get; } = Dataset.Cases.Sum(c => (long)c.Series.NumChannels * c.Series.Length);
}
