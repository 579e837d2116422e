using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Blobs;
using TsVlm.Artifacts.Folders;

namespace TsVlm.ServiceDefaults.Hosting;

/// <summary>Chooses the artifact store by <c>ConnectionStrings__blobs</c>.</summary>
public static class ArtifactHosting
{
    private const string Key = BlobConnection.Setting;
    private const string WorkKey = "Work__Directory";
    private const string CacheKey = "Work__CacheGB";
    private const string FolderPrefix = "folder:";
    private const string Expected =
        "an Azure storage connection string, an https URI of a blob service, or folder:PATH for a folder that all services share";

    /// <summary>Registers the store and its health check.</summary>
    /// <exception cref="SettingException">The setting is missing or wrong.</exception>
    public static void AddArtifacts(this ServiceHost service)
    {
        var place = service.Settings.Require(Key, Expected);
        if (place.StartsWith(FolderPrefix, StringComparison.Ordinal)) service.AddFolder(place[FolderPrefix.Length..]);
        else service.AddBlobs(place);
    }

    /// <summary>The store that services with these settings use, for a command that is none of them.</summary>
    /// <param name="settings">Names the store.</param>
    /// <param name="workDirectory">Local folder for what passes through.</param>
    /// <exception cref="SettingException">The setting is missing or wrong.</exception>
    /// <exception cref="ArtifactStoreException">The value is no connection.</exception>
    public static IArtifactStore Open(Settings settings, string workDirectory)
    {
        var place = settings.Require(Key, Expected);
        if (!place.StartsWith(FolderPrefix, StringComparison.Ordinal))
            return new BlobArtifactStore(BlobConnection.Container(place, new()), workDirectory);
        var folder = place[FolderPrefix.Length..];
        return Directory.Exists(folder) ? new FolderArtifactStore(folder) : throw Settings.Wrong(Key, Expected + " that is there", folder);
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

    /// <summary>
    /// A container of blobs, local copies below <c>Work__Directory</c>; made where there is none, once the store answers.
    /// </summary>
    private static void AddBlobs(this ServiceHost service, string connection)
    {
        var work = service.Settings.Find(WorkKey) ?? Path.Combine(Path.GetTempPath(), "tsvlm");
        var log = (TransferLog?)null;   // there is none before the host is made, and no request either
        var options = new BlobStoreOptions { MaxCacheBytes = 1_000_000_000L * service.Settings.Number(CacheKey, 20, 1, 1_000_000) };
        options = options with { Retrying = (retry, request) => log?.Retry(retry, options.MaxRetries, request) };
        try
        {
            Directory.CreateDirectory(work);
            File.Create(Path.Combine(work, $"{Guid.NewGuid():n}"), 1, FileOptions.DeleteOnClose).Dispose();
            service.Builder.Services.AddSingleton(BlobConnection.Container(connection, options));
        }
        catch (ArtifactStoreException error)
        {
            throw new SettingException(error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Settings.Wrong(WorkKey, "a folder that can be written", work);
        }
        service.Builder.Services.AddSingleton<TransferLog>();
        service.Builder.Services.AddSingleton<IArtifactStore>(provider =>
        {
            log = provider.GetRequiredService<TransferLog>();
            return new BlobArtifactStore(
                provider.GetRequiredService<BlobContainerClient>(), work, options, clock: provider.GetRequiredService<TimeProvider>(),
                log: log);
        });
        service.Builder.Services.AddHealthChecks().AddCheck<BlobStoreCheck>("artifacts", timeout: TimeSpan.FromSeconds(10));
    }
}
