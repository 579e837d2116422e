using Microsoft.AspNetCore.Http.Metadata;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Experiments;
using TsVlm.Scenarios.Experiments;

namespace TsVlm.Scenarios.Api;

/// <summary>Data sets: those of the catalog, and those that come with a request.</summary>
internal static class DatasetEndpoints
{
    public static void MapDatasets(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ApiSettings>();
        var datasets = app.MapGroup("/datasets").WithTags("Datasets");
        datasets.MapGet("/", List).WithMetadata(PageBounds.Usual).WithSummary("List data sets")
            .WithDescription("The catalog's data sets with their sizes; each is named in the datasets of an experiment.")
            .Produces<Page<DatasetSize>>();
        datasets.MapGet("/{contentHash}", Find).WithMetadata(new UsesArtifacts()).WithSummary("Find a stored data set by its content hash")
            .Produces<StoredDataset>().ProducesProblem(404);
        datasets.MapPost("/", Upload).WithMetadata(new BodyLimit(settings.MaxDatasetBytes), new UsesArtifacts())
            .Accepts<byte[]>("application/octet-stream")
            .WithSummary("Store a data set")
            .WithDescription("Stores a data set in canonical form (TSVLMDS1). The answer is the reference to name in the datasets of an "
                + "experiment.")
            .Produces<DatasetReference>(201).ProducesProblem(400).ProducesProblem(413);
    }

    private static Page<DatasetSize> List(DatasetCatalog catalog, DatasetSizes sizes, int? offset, int? limit,
        CancellationToken cancellationToken)
    {
        var (page, names) = (PageBounds.Usual.Of(offset, limit), catalog.Names);
        return new(names.Count,
            page.Offset, [.. names.Skip(page.Offset).Take(page.Limit).Select(name => sizes.Of(name, cancellationToken))]);
    }

    private static async Task<StoredDataset> Find(string contentHash, IArtifactStore artifacts, CancellationToken cancellationToken)
    {
        DatasetUpload.CheckHash(contentHash);
        var manifest = await artifacts.Find(new(ArtifactKind.Dataset, contentHash), cancellationToken)
            ?? throw ApiProblem.NotFound("data set",
                $"Expected the content hash of a stored data set, found '{contentHash}'. POST /datasets stores one.");
        return new(contentHash, manifest.Bytes);
    }

    /// <summary>
    /// The body goes to a file first, so that memory holds one data set and no copies of it; nothing is stored unless it is whole.
    /// </summary>
    private static async Task<IResult> Upload(HttpRequest request, IArtifactStore artifacts, CancellationToken cancellationToken)
    {
        var folder = artifacts.CreateWorkFolder();
        try
        {
            var path = Path.Combine(folder, ArtifactFiles.Dataset);
            await using (var file = File.Create(path)) await request.Body.CopyToAsync(file, cancellationToken);
            var dataset = DatasetUpload.Read(path);
            CheckTexts(dataset);
            var reference = new DatasetReference(dataset.Name, DatasetFile.ContentHash(dataset));
            if (await artifacts.Find(ArtifactKeys.Dataset(reference), cancellationToken) is null)
                await artifacts.Publish(ArtifactKeys.Dataset(reference), folder, cancellationToken);
            return Results.Created($"/datasets/{reference.ContentHash}", reference);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <exception cref="DataException">The name, a class or a text of a class is longer than an answer or a prompt should hold.</exception>
    private static void CheckTexts(Dataset dataset)
    {
        if (dataset.Name.Length is 0 or > ApiBounds.MaxNameCharacters || dataset.Name.Any(char.IsControl))
            throw new DataException($"Data set file: expected a name of 1 to {ApiBounds.MaxNameCharacters} characters without control "
                + $"characters, found {dataset.Name.Length} characters.");
        if (dataset.Classes.Count > ApiBounds.MaxClasses)
            throw new DataException($"Data set file: expected at most {ApiBounds.MaxClasses} classes, found {dataset.Classes.Count}.");
        if (dataset.Classes.FirstOrDefault(known => known.Length > ApiBounds.MaxClassCharacters) is { } name)
            throw new DataException($"Data set file: expected classes of at most {ApiBounds.MaxClassCharacters} characters, found one of "
                + $"{name.Length}: {name[..50]}…");
        if (dataset.ClassTexts?.FirstOrDefault(known => known.Length > ApiBounds.MaxClassTextCharacters) is { } text)
            throw new DataException($"Data set file: expected texts of classes of at most {ApiBounds.MaxClassTextCharacters} characters, "
                + $"found one of {text.Length}: {text[..50]}…");
    }

    internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
