using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Blobs;
using TsVlm.Contracts;

namespace TsVlm.Servers.Tests.Artifacts;

/// <summary>Local copies of what a blob store holds.</summary>
public sealed class ArtifactCacheTests(SharedAzurite azurite)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private int numDownloads;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_least_recently_used_goes_first_once_the_bound_is_reached()
    {
        using var tested = await Tested(maxCacheBytes: 3000);
        var store = tested.Open(Count, clock);
        foreach (var i in (int[])[0, 1, 2]) await Use(store, await Publish(tested, i));
        await Use(store, KeyOf(0));
        Assert.Equal(3, numDownloads);
        await Use(store, await Publish(tested, 3));
        Assert.Equal([0, 2, 3], Cached(tested));
        await Use(store, KeyOf(1));
        Assert.Equal([0, 1, 3], Cached(tested));
        Assert.Equal(5, numDownloads);
    }

    [Fact]
    public async Task An_artifact_in_use_stays_until_its_use_ends_even_when_others_need_room()
    {
        using var tested = await Tested(maxCacheBytes: 1000);
        var (store, other) = (tested.Open(Count, clock), tested.Open(Count, clock));
        string held;
        using (ArtifactUse.Begin())
        {
            held = await store.Fetch(await Publish(tested, 0), Stop);
            await Use(store, await Publish(tested, 1));
            await Use(other, await Publish(tested, 2));
            Assert.True(File.Exists(Path.Combine(held, "file")));
        }
        await Use(other, await Publish(tested, 3));
        Assert.False(Directory.Exists(held));
        Assert.Equal([3], Cached(tested));
    }

    [Fact]
    public async Task An_artifact_fetched_outside_of_any_use_stays_until_the_store_is_disposed()
    {
        using var tested = await Tested(maxCacheBytes: 1000);
        var (store, other) = (tested.Open(Count, clock), tested.Open(Count, clock));
        var held = await store.Fetch(await Publish(tested, 0), Stop);
        await Use(other, await Publish(tested, 1));
        Assert.True(Directory.Exists(held));
        store.Dispose();
        await Use(other, await Publish(tested, 2));
        Assert.False(Directory.Exists(held));
    }

    [Fact]
    public async Task Two_stores_that_share_a_cache_download_an_artifact_once()
    {
        using var tested = await Tested();
        var key = await Publish(tested, 0);
        var stores = Enumerable.Range(0, 2).Select(_ => tested.Open(Count, clock)).ToList();
        var folders = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => stores[i % 2].Fetch(key, Stop), Stop)));
        Assert.Single(folders.Distinct());
        Assert.Equal(1, numDownloads);
    }

    [Fact]
    public async Task A_copy_that_was_damaged_here_is_fetched_again()
    {
        using var tested = await Tested();
        var store = tested.Open(Count, clock);
        var path = Path.Combine(await store.Fetch(await Publish(tested, 0), Stop), "file");
        File.WriteAllText(path, "damaged");
        await store.Fetch(KeyOf(0), Stop);
        Assert.Equal(new string('0', 1000), File.ReadAllText(path));
        Assert.Equal(2, numDownloads);
    }

    [Fact]
    public async Task A_copy_is_read_in_full_once_by_each_process_and_afterwards_only_if_it_was_written_to()
    {
        using var tested = await Tested();
        var (first, second) = (tested.Open(Count, clock), tested.Open(Count, clock));
        var path = Path.Combine(await first.Fetch(await Publish(tested, 0), Stop), "file");
        var written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, new string('1', 1000));
        File.SetLastWriteTimeUtc(path, written);
        await first.Fetch(KeyOf(0), Stop);
        Assert.Equal(1, numDownloads);   // as large and as old as what it had checked
        await second.Fetch(KeyOf(0), Stop);
        Assert.Equal((2, new string('0', 1000)), (numDownloads, File.ReadAllText(path)));
        File.WriteAllText(path, new string('1', 1000));
        await first.Fetch(KeyOf(0), Stop);
        Assert.Equal((3, new string('0', 1000)), (numDownloads, File.ReadAllText(path)));
    }

    [Fact]
    public async Task A_damaged_blob_never_reaches_the_cache()
    {
        using var tested = await Tested();
        var key = await Publish(tested, 0);
        var path = (await tested.Paths()).Single(p => p.EndsWith("file", StringComparison.Ordinal));
        await tested.Overwrite(path, new string('1', 1000));
        for (var i = 0; i < 2; i++)
            Assert.StartsWith(tested.PlaceOf(path),
                (await Assert.ThrowsAnyAsync<ArtifactException>(() => tested.Store.Fetch(key, Stop))).Message);
        Assert.Empty(Cached(tested));
        await tested.Overwrite(path, new string('0', 1000));
        await tested.Store.Fetch(key, Stop);
    }

    [Fact]
    public async Task A_download_that_is_cut_off_leaves_nothing_and_is_done_anew()
    {
        using var tested = await Tested();
        var key = await Publish(tested, 0);
        using var cut = new CancellationTokenSource();
        var store = tested.Open(_ => cut.Cancel(), clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Fetch(key, cut.Token));
        Assert.Empty(Cached(tested));
        Assert.Equal(new string('0', 1000), File.ReadAllText(Path.Combine(await store.Fetch(key, Stop), "file")));
    }

    [Fact]
    public async Task Work_of_a_dead_process_is_removed_and_work_of_others_stays()
    {
        using var tested = await Tested();
        var work = Path.Combine(tested.Local, "work");
        var (dead, alive) = (Path.Combine(work, "dead"), tested.Work("file", "x"));
        Directory.CreateDirectory(dead);
        File.WriteAllText(dead + ".lock", "");
        // Its locks are gone with a process that was killed.
        using (var holder = Process.Start("sh", ["-c", $"exec 9>>'{dead}.lock'; flock 9; kill -KILL $$"])) await holder.WaitForExitAsync(
            Stop);
        tested.Open(Count, clock);
        Assert.False(Directory.Exists(dead));
        Assert.False(File.Exists(dead + ".lock"));
        Assert.True(Directory.Exists(alive));
    }

    private async Task<BlobUnderTest> Tested(long maxCacheBytes = long.MaxValue) =>
        new(await azurite.ConnectionString(), new BlobStoreOptions { MaxCacheBytes = maxCacheBytes });

    private static ArtifactKey KeyOf(int i) => new(ArtifactKind.Samples, $"{i:d64}");

    /// <summary>Artifact number i, of 1,000 bytes.</summary>
    private static async Task<ArtifactKey> Publish(BlobUnderTest tested, int i)
    {
        await tested.Store.Publish(KeyOf(i), tested.Work("file", new string((char)('0' + i), 1000)), Stop);
        return KeyOf(i);
    }

    private async Task Use(BlobArtifactStore store, ArtifactKey key)
    {
        clock.Advance(TimeSpan.FromMinutes(1));
        using var use = ArtifactUse.Begin();
        await store.Fetch(key, Stop);
    }

    private void Count(ArtifactTransfer transfer)
    {
        if (!transfer.IsUpload && transfer.BytesDone == transfer.Bytes) Interlocked.Increment(ref numDownloads);
    }

    private static IEnumerable<int> Cached(BlobUnderTest tested) => Enumerable.Range(0, 10).Where(i =>
    {
        var folder = Path.Combine(tested.Local, "cache", KeyOf(i).Path);
        return Directory.Exists(folder) && Directory.GetDirectories(folder).Length > 0;
    });
}
