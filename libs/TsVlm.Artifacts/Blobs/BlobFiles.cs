using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using TsVlm.Contracts;

namespace TsVlm.Artifacts.Blobs;

/// <summary>
/// Files and folders in a blob container. Blobs that are not there are nothing, not errors; a store that cannot be used is one clear error.
/// </summary>
internal sealed class BlobFiles(BlobContainerClient container, BlobStoreOptions options)
{
    private const int MaxUploads = 3;
    private readonly StorageTransferOptions transfer = new()
    {
        InitialTransferSize = options.BlockBytes,
        MaximumTransferSize = options.BlockBytes,
        MaximumConcurrency = options.BlocksAtOnce,
    };

    /// <summary>What messages call a blob.</summary>
    public string PlaceOf(string name) => $"{container.Uri.GetLeftPart(UriPartial.Path)}/{name}";

    /// <summary>Makes the container where there is none.</summary>
    public Task CreateContainer(CancellationToken cancellationToken) => Ask(async () =>
    {
        // Asked first: a role that may use the container need not have the right to make one.
        if (!await container.ExistsAsync(cancellationToken)) await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Sends files of a folder to blobs below a prefix, in parallel blocks, each checked by its MD5 on arrival.</summary>
    public Task<bool> Upload(string folder, string prefix, IEnumerable<ArtifactFile> files, TransferMeter meter,
        CancellationToken cancellationToken) =>
        Each(files, async (file, cancellationToken) =>
        {
            var upload = new BlobUploadOptions
            {
                TransferOptions = transfer,
                ProgressHandler = meter.File(),
                TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
            };
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await container.GetBlobClient($"{prefix}/{file.Name}")
                        .UploadAsync(Path.Combine(folder, file.Name), upload, cancellationToken);
                    return;
                }
                catch (RequestFailedException error) when (attempt < MaxUploads && IsLossOfBlocks(error))
                {
                    // A store that crashes may forget blocks that it had acknowledged: the file is sent again.
                }
            }
        }, cancellationToken);

    /// <summary>Fetches blobs below a prefix into a folder, in parallel ranges. One that is not there is left out.</summary>
    public Task<bool> Download(string prefix, IEnumerable<ArtifactFile> files, string folder, TransferMeter meter,
        CancellationToken cancellationToken) =>
        Each(files, async (file, cancellationToken) =>
        {
            var path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                await container.GetBlobClient($"{prefix}/{file.Name}")
                    .DownloadToAsync(path, new BlobDownloadToOptions { TransferOptions = transfer, ProgressHandler = meter.File() },
                        cancellationToken);
            }
            catch (RequestFailedException error) when (error.Status == 404)
            {
                File.Delete(path);
            }
        }, cancellationToken);

    /// <summary>Makes a blob unless there is one of that name; false where there is.</summary>
    public Task<bool> Create(string name, byte[] content, CancellationToken cancellationToken) => Ask(async () =>
    {
        try
        {
            var onlyNew = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await container.GetBlobClient(name).UploadAsync(new BinaryData(content), onlyNew, cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.Status == 412)
        {
            return false;
        }
    }, cancellationToken);

    /// <summary>The content of a small blob; null where there is none.</summary>
    public Task<byte[]?> Read(string name, CancellationToken cancellationToken) => Ask(() => OrNull(async () =>
    {
        var content = await container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
        return content.Value.Content.ToArray();
    }), cancellationToken);

    /// <summary>A blob from front to back, read on from where it was when the connection breaks; null where there is none.</summary>
    public Task<Stream?> Open(string name, CancellationToken cancellationToken) => Ask(() => OrNull(async () =>
    {
        var streaming = await container.GetBlobClient(name).DownloadStreamingAsync(new BlobDownloadOptions(), cancellationToken);
        return streaming.Value.Content;
    }), cancellationToken);

    /// <summary>Every blob below a prefix by name, in order.</summary>
    public async IAsyncEnumerable<BlobItem> List(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pages = container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken).AsPages()
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var page = await Ask(() => OrNull(async () => await pages.MoveNextAsync() ? pages.Current : null), cancellationToken);
            if (page is null) yield break;
            foreach (var blob in page.Values) yield return blob;
        }
    }

    /// <summary>Removes a blob, if there is one.</summary>
    public Task Remove(string name, CancellationToken cancellationToken) =>
        Ask(async () => await container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Removes a small blob whose content is such; one that changes between the look and the removal stays.</summary>
    public Task RemoveWhere(string name, Func<byte[], bool> isSuch, CancellationToken cancellationToken) => Ask(async () =>
    {
        try
        {
            var found = (await container.GetBlobClient(name).DownloadContentAsync(cancellationToken)).Value;
            if (!isSuch(found.Content.ToArray())) return false;
            var unchanged = new BlobRequestConditions { IfMatch = found.Details.ETag };
            await container.DeleteBlobAsync(name, conditions: unchanged, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            return false;
        }
    }, cancellationToken);

    /// <summary>Removes every blob below a prefix.</summary>
    public async Task RemoveAll(string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var blob in List(prefix, cancellationToken)) names.Add(blob.Name);
        await Parallel.ForEachAsync(names,
            Parallelism(cancellationToken), async (name, cancellationToken) => await Remove(name, cancellationToken));
    }

    /// <summary>Lets a store that cannot be used be one error that says so.</summary>
    public async Task<T> Ask<T>(Func<Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && IsOfStore(error))
        {
            throw Unusable(error);
        }
    }

    private Task<bool> Each(IEnumerable<ArtifactFile> files, Func<ArtifactFile, CancellationToken, Task> transferOne,
        CancellationToken cancellationToken) => Ask(async () =>
    {
        await Parallel.ForEachAsync(files,
            Parallelism(cancellationToken), async (file, cancellationToken) => await transferOne(file, cancellationToken));
        return true;
    }, cancellationToken);

    private ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = options.FilesAtOnce, CancellationToken = cancellationToken };

    private static async Task<T?> OrNull<T>(Func<Task<T?>> request) where T : class
    {
        try
        {
            return await request();
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    private static bool IsLossOfBlocks(RequestFailedException error) =>
        error.ErrorCode == BlobErrorCode.InvalidBlockList || error.ErrorCode == BlobErrorCode.InvalidBlobOrBlock
        || error.ErrorCode == BlobErrorCode.InvalidBlockId;

    private static bool IsOfStore(Exception error) =>
        error is RequestFailedException or AggregateException or HttpRequestException or HttpIOException or SocketException
        or TaskCanceledException or Azure.Identity.AuthenticationFailedException;

    private ArtifactStoreException Unusable(Exception error)
    {
        var cause = error is AggregateException { InnerExceptions: [.., var last] } ? last : error;
        var place = container.Uri.GetLeftPart(UriPartial.Path);
        var reason = cause.Message.Split('\n')[0].Trim().TrimEnd('.');
        return cause is RequestFailedException { Status: 401 or 403 } or Azure.Identity.AuthenticationFailedException
            ? new($"{place}: expected access, found {reason}. Check the credentials of {BlobConnection.Setting} and the roles of that identity.", error)
            : new($"{place}: expected an answer of the blob store, found {reason} (retries: {options.MaxRetries}). Check that it runs and can be reached from here.", error);
    }
}
