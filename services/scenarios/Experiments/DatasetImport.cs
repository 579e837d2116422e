using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Canonical;

namespace TsVlm.Scenarios.Experiments;

/// <summary>Brings a data set into the artifact store in canonical form, so that no other service needs the files it came from.</summary>
public sealed class DatasetImport(IArtifactStore artifacts)
{
    /// <summary>Stores the data set, unless it is there, and names it by its content.</summary>
    public async Task<DatasetReference> Run(Dataset dataset, CancellationToken cancellationToken)
    {
        var reference = ReferenceOf(dataset);
        var key = ArtifactKeys.Dataset(reference);
        if (await artifacts.Find(key, cancellationToken) is not null) return reference;
        var folder = artifacts.CreateWorkFolder();
        await using (var file = File.Create(Path.Combine(folder, ArtifactFiles.Dataset)))
            DatasetFile.Write(dataset, file);
        await artifacts.Publish(key, folder, cancellationToken);
        return reference;
    }

    /// <summary>Names a data set by its content.</summary>
    public static DatasetReference ReferenceOf(Dataset dataset) => new(dataset.Name, DatasetFile.ContentHash(dataset));

    /// <summary>The data set of that name and content, which must be in the store.</summary>
    /// <exception cref="DataException">It is not there, or has another name.</exception>
    public async Task<Dataset> Open(DatasetReference reference, CancellationToken cancellationToken)
    {
        DatasetUpload.CheckHash(reference.ContentHash);
        if (await artifacts.Find(ArtifactKeys.Dataset(reference), cancellationToken) is null)
            throw new DataException(
                $"Data set {reference.Name} with content {reference.ContentHash}: expected one that is stored, found none. POST /datasets stores it.");
        await using var stream = await artifacts.OpenRead(ArtifactKeys.Dataset(reference), ArtifactFiles.Dataset, cancellationToken);
        var dataset = DatasetFile.Read(new BufferedStream(stream, 1 << 20));
        return dataset.Name == reference.Name
            ? dataset
            : throw new DataException($"Data set {reference.ContentHash}: expected the name {dataset.Name}, found {reference.Name}. "
                + "Use the reference as POST /datasets answered it.");
    }
}
