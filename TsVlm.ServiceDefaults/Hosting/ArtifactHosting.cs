using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
#if USE_ASPIRE_BLOBS
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Hosting;
#endif

namespace TsVlm.ServiceDefaults;

/// <summary>Chooses the artifact store by <c>ConnectionStrings__blobs</c>.</summary>
public static class ArtifactHosting
{
    private const string Key = BlobConnection.Setting;
    private const string WorkKey = "Work__Directory";
    private const string CacheKey = "Work__CacheGB";
    private const string FolderPrefix = "folder:";
    private const string Expected = "an Azure storage connection string, an https URI of a blob service, or folder:PATH for a folder that all services share";

    /// <summary>Registers the store and its health check.</summary>
    /// <exception cref="SettingException">The setting is missing or wrong.</exception>
    public static void AddArtifacts(this ServiceHost service)
    {
        var place = service.Settings.Require(Key, Expected);
        if (place.StartsWith(FolderPrefix, StringComparison.Ordinal)) service.AddFolder(place[FolderPrefix.Length..]);
        else service.AddBlobs(place);
    }

    private static void AddFolder(this ServiceHost service, string path)
    {
        if (!Path.IsPathFullyQualified(path)) throw Settings.Wrong(Key, Expected + " (a full path)", path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Settings.Wrong(Key, Expected + " that can be written", path);
        }
        service.Builder.Services.AddSingleton<IArtifactStore>(new FolderArtifactStore(path));
        service.Builder.Services.AddHealthChecks().AddCheck("artifacts", () => Directory.Exists(path)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"{path}: expected the folder of the artifacts, found none."));
    }

    /// <summary>A container of blobs, local copies below <c>Work__Directory</c>; made where there is none, once the store answers.</summary>
    private static void AddBlobs(this ServiceHost service, string connection)
    {
        var work = service.Settings.Find(WorkKey) ?? Path.Combine(Path.GetTempPath(), "tsvlm");
        var options = new BlobStoreOptions { MaxCacheBytes = 1_000_000_000L * service.Settings.Number(CacheKey, 20, 1, 1_000_000) };
        try
        {
            Directory.CreateDirectory(work);
            service.AddClient(BlobConnection.Container(connection, options), options);
            service.Builder.Services.AddSingleton<IArtifactStore>(provider => new BlobArtifactStore(provider.GetRequiredService<BlobContainerClient>(), work, options));
        }
        catch (ArtifactStoreException error)
        {
            throw new SettingException(error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Settings.Wrong(WorkKey, "a folder that can be written", work);
        }
        service.Builder.Services.AddHealthChecks().AddCheck<BlobStoreCheck>("artifacts", timeout: TimeSpan.FromSeconds(10));
    }

#if USE_ASPIRE_BLOBS
    private const string ConnectionName = "blobs";

    /// <summary>Aspire's client makes the connection, checks its health and traces it; the setting was checked by making the plain one.</summary>
    private static void AddClient(this ServiceHost service, BlobContainerClient checkedBefore, BlobStoreOptions options)
    {
        _ = checkedBefore;
        service.Builder.AddAzureBlobServiceClient(ConnectionName, configureClientBuilder: client => client
            .WithVersion(BlobConnection.Version).ConfigureOptions(retries => BlobConnection.SetRetries(retries, options)));
        service.Builder.Services.AddSingleton(provider => provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(BlobConnection.ContainerName));
    }
#else
    private static void AddClient(this ServiceHost service, BlobContainerClient container, BlobStoreOptions options)
    {
        _ = options;   // the container has them
        service.Builder.Services.AddSingleton(container);
    }
#endif
}
