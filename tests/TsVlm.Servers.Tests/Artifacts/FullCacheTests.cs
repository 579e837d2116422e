using TsVlm.Artifacts;
using TsVlm.Artifacts.Blobs;
using TsVlm.Artifacts.Tests;
using TsVlm.Contracts;
using TsVlm.Messaging;

namespace TsVlm.Servers.Tests.Artifacts;

/// <summary>A disk without room for the local copies of a blob store.</summary>
public sealed class FullCacheTests(SharedAzurite azurite)
{
    private static readonly ArtifactKey Key = new(ArtifactKind.Checkpoint, new string('d', 64));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_artifact_that_does_not_fit_into_the_cache_may_pass_and_is_not_taken_for_a_store_that_is_away()
    {
        using var disk = TinyDisk.Of(kilobytes: 128);
        // several blocks at once
        using var tested = new BlobUnderTest(await azurite.ConnectionString(), new BlobStoreOptions { BlockBytes = 1 << 14 });
        var work = tested.Store.CreateWorkFolder();
        await File.WriteAllBytesAsync(Path.Combine(work, "weights"), new byte[60_000], Stop);
        await tested.Store.Publish(Key, work, Stop);
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[100_000], Stop);
        using var store = new BlobArtifactStore(tested.Container, disk.Path, tested.Options);
        var error = await Assert.ThrowsAnyAsync<IOException>(() => store.Fetch(Key, Stop));
        Assert.True(Failures.IsTransient(error), $"{error.HResult:x}: {error.Message}");
        Assert.IsNotType<ArtifactStoreException>(error);
        Assert.Contains("No space left on device", error.Message);

        File.Delete(ballast);
        Assert.Equal(60_000, new FileInfo(Path.Combine(await store.Fetch(Key, Stop), "weights")).Length);
    }
}
