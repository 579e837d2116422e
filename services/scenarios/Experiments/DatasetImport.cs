using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios;

/// <summary>Brings a data set into the artifact store in canonical form, so that no other service needs the files it came from.</summary>
public sealed class DatasetImport(IArtifactStore artifacts)
{
    /// <summary>Stores the data set, unless it is there, and names it by its content.</summary>
    public async Task<DatasetReference> Run(Dataset dataset, CancellationToken cancellationToken)
    {
        var reference = new DatasetReference(dataset.Name, DatasetFile.ContentHash(dataset));
        var key = ArtifactKeys.Dataset(reference);
        if (await artifacts.Find(key, cancellationToken) is not null) return reference;
        var folder = artifacts.CreateWorkFolder();
        await using (var file = File.Create(Path.Combine(folder, ArtifactFiles.Dataset)))
            DatasetFile.Write(dataset, file);
        await artifacts.Publish(key, folder, cancellationToken);
        return reference;
    }
}
