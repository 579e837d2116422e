using System.Diagnostics;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Blobs;
using TsVlm.Contracts;
using TsVlm.Tests;

namespace TsVlm.Servers.Tests.Artifacts;

/// <summary>Large files, and a store that goes away.</summary>
public sealed class BlobTransferTests(SharedAzurite azurite)
{
    private const int Megabyte = 1_000_000;
    private static readonly ArtifactKey Key = new(ArtifactKind.Checkpoint, new string('e', 64));

    private static readonly BlobStoreOptions Patient = new()
    {
        BlockBytes = 1 << 20,
        BlocksAtOnce = 2,
        FilesAtOnce = 1,
        MaxRetries = 12,
        RetryDelay = TimeSpan.FromSeconds(0.2),
        MaxRetryDelay = TimeSpan.FromSeconds(2),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_artifact_goes_up_and_down_in_blocks_with_progress_and_never_as_a_whole_in_memory()
    {
        var (reports, alive) = (new List<ArtifactTransfer>(), new List<long>());
        using var tested = new BlobUnderTest(await azurite.ConnectionString(), new BlobStoreOptions { BlockBytes = 4 << 20 }, report =>
        {
            reports.Add(report);
            if (report.BytesDone / 30_000_000 > alive.Count % 4) alive.Add(GC.GetTotalMemory(forceFullCollection: true));
        });
        var work = Large(tested, 120 * Megabyte);
        var manifest = await tested.Store.Publish(Key, work, Stop);
        var folder = await tested.Store.Fetch(Key, Stop);
        Assert.Equal(8, alive.Count);
        // The process's other tests have some of it, at the same time.
        Assert.All(alive, bytes => Assert.InRange(bytes, 0, 110 * Megabyte));

        Assert.Equal(120 * Megabyte, new FileInfo(Path.Combine(folder, "weights")).Length);
        foreach (var isUpload in (bool[])[true, false])
        {
            var transfer = reports.Where(r => r.IsUpload == isUpload).ToList();
            Assert.True(transfer.Count > 20, $"{transfer.Count} reports");
            Assert.All(transfer, report => Assert.Equal(manifest.Bytes, report.Bytes));
            Assert.Equal(transfer.Select(r => r.BytesDone).Order(), transfer.Select(r => r.BytesDone));
            Assert.Equal(manifest.Bytes, transfer[^1].BytesDone);
        }
    }

    [Fact]
    public async Task An_upload_that_is_cut_off_is_never_read()
    {
        using var stop = new CancellationTokenSource();
        using var tested = new BlobUnderTest(await azurite.ConnectionString(), Patient, report =>
        {
            if (report.BytesDone > report.Bytes / 2) stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            tested.Store.Publish(Key, Large(tested, 20 * Megabyte, "a", "b"), stop.Token));
        Assert.Null(await tested.Store.Find(Key, Stop));
        await Assert.ThrowsAsync<MissingArtifactException>(() => tested.Store.Fetch(Key, Stop));
        Assert.All(await tested.Store.List(Stop).ToListAsync(Stop), part => Assert.Equal(StoredPartKind.Leftover, part.Kind));
        await tested.Other.Publish(Key, tested.Work("weights", "whole"), Stop);
        Assert.Equal("whole", File.ReadAllText(Path.Combine(await tested.Store.Fetch(Key, Stop), "weights")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_stops_in_mid_transfer_and_comes_back_costs_time_only(bool isUpload)
    {
        await using var server = await TestServer.Start("azurite");
        var restart = new Lazy<Task>(() => Task.Run(async () =>
        {
            await server.Stop();
            await Task.Delay(1000, Stop);
            await server.Start();
        }));
        using var tested = new BlobUnderTest(server.ConnectionString, Patient, report =>
        {
            if (report.IsUpload == isUpload && report.BytesDone > report.Bytes / 4) _ = restart.Value;
        });
        var manifest = await tested.Store.Publish(Key, Large(tested, 60 * Megabyte), Stop);
        var folder = await tested.Store.Fetch(Key, Stop);
        Assert.True(restart.IsValueCreated);
        await restart.Value;
        Assert.Null(await manifest.FindDamage(folder, folder, Stop));
    }

    [Fact]
    public async Task A_store_that_crashes_after_it_acknowledged_blocks_gets_the_file_again()
    {
        await using var server = await TestServer.Start("azurite");
        var crash = new Lazy<Task>(() => Task.Run(async () =>
        {
            await server.Kill();
            await server.Start();
        }));
        using var tested = new BlobUnderTest(server.ConnectionString, Patient, report =>
        {
            if (report.IsUpload && report.BytesDone > 10 * Megabyte) _ = crash.Value;
        });
        await tested.Container.CreateIfNotExistsAsync(cancellationToken: Stop);
        await server.Stop();   // writes down that the container is there, which a crash soon after would lose
        await server.Start();
        var manifest = await tested.Store.Publish(Key, Large(tested, 40 * Megabyte), Stop);
        await crash.Value;
        var folder = await tested.Other.Fetch(Key, Stop);
        Assert.Null(await manifest.FindDamage(folder, folder, Stop));
    }

    [Fact]
    public async Task A_store_that_is_gone_for_good_is_one_clear_error_within_the_bound()
    {
        await using var server = await TestServer.Start("azurite");
        var brief = new BlobStoreOptions { MaxRetries = 3, RetryDelay = TimeSpan.FromSeconds(0.2), MaxRetryDelay = TimeSpan.FromSeconds(1),
            RequestTimeout = TimeSpan.FromSeconds(3) };
        using var tested = new BlobUnderTest(server.ConnectionString, brief);
        await tested.Store.Publish(Key, tested.Work("weights", "1"), Stop);
        await server.Stop();
        var other = new ArtifactKey(ArtifactKind.Samples, new string('f', 64));
        foreach (var use in (Func<Task>[])[
            () => tested.Store.Find(Key, Stop), () => tested.Store.Fetch(Key, Stop), () => tested.Store.OpenRead(Key, "weights", Stop),
            () => tested.Store.Publish(other, Large(tested, 10 * Megabyte, "a", "b"), Stop), () =>
            tested.Store.PublishSnapshot(other, 1, tested.Work("state", "1"), Stop),
            () => tested.Store.List(Stop).ToListAsync(Stop).AsTask()])
        {
            var watch = Stopwatch.StartNew();
            var error = await Assert.ThrowsAsync<ArtifactStoreException>(use);
            Assert.StartsWith($"{tested.Container.Uri}: expected an answer of the blob store, found ", error.Message);
            Assert.DoesNotContain('\n', error.Message);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 4 * 3 + 3);
        }
    }

    private static string Large(BlobUnderTest tested, int bytes, params string[] names)
    {
        var work = tested.Store.CreateWorkFolder();
        var content = new byte[bytes];
        foreach (var name in names.DefaultIfEmpty("weights"))
        {
            new Random(name.Length + name[0]).NextBytes(content);
            File.WriteAllBytes(Path.Combine(work, name), content);
        }
        return work;
    }
}
