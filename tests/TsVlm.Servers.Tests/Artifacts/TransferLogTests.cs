using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Blobs;
using TsVlm.Contracts;
using TsVlm.Messaging;
using TsVlm.Tests;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Servers.Tests.Artifacts;

/// <summary>What the log of a service tells of uploads and downloads.</summary>
public sealed class TransferLogTests(SharedAzurite azurite)
{
    private const int Megabyte = 1_000_000;
    private static readonly ArtifactKey Key = new(ArtifactKind.Checkpoint, new string('a', 64));
    private readonly FakeTimeProvider clock = new();
    private readonly Lines log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60, 2)]
    [InlineData(1, 0)]
    public async Task Beginning_and_end_of_large_transfers_are_told_and_small_ones_are_not(int megabytes, int numLines)
    {
        using var tested = new BlobUnderTest(await azurite.ConnectionString());
        using var store = new BlobArtifactStore(tested.Container, tested.Local, log: new(log, TimeProvider.System));
        await store.Publish(Key, Work(store, megabytes), Stop);
        await store.Fetch(Key, Stop);
        await store.Fetch(Key, Stop);   // is in the cache
        Assert.Equal(2 * numLines, log.Count);
        if (numLines == 0) return;
        Assert.Matches($@"^Information: Upload of {Key.Path}/\w+ begins: 60 MB$", log[0]);
        Assert.Matches($@"^Information: Upload of {Key.Path}/\w+ done: 60 MB in [0-9.]+ s, [0-9.,]+ MB a second$", log[1]);
        Assert.Matches($@"^Information: Download of {Key.Path}/\w+ begins: 60 MB$", log[2]);
        Assert.Matches($@"^Information: Download of {Key.Path}/\w+ done: 60 MB in [0-9.]+ s, [0-9.,]+ MB a second$", log[3]);
    }

    [Fact]
    public void A_slow_transfer_is_told_of_every_ten_seconds_and_what_came_of_it()
    {
        var transfers = new TransferLog(log, clock);
        using (var entry = transfers.Begin(new("samples/x", IsUpload: false, 0, 10 * Megabyte)))
        {
            foreach (var second in Enumerable.Range(1, 25))
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                entry.Report(new("samples/x", IsUpload: false, second * Megabyte / 4, 10 * Megabyte));
            }
            entry.Done();
        }
        Assert.Equal(
            [
                "Information: Download of samples/x: 2.5 MB of 10 MB, 0.3 MB a second",
                "Information: Download of samples/x: 5 MB of 10 MB, 0.3 MB a second",
                "Information: Download of samples/x done: 10 MB in 25 s, 0.4 MB a second",
            ], log);
    }

    [Fact]
    public async Task A_large_upload_that_is_cut_off_says_how_far_it_came()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var tested = new BlobUnderTest(await azurite.ConnectionString());
        using var store = new BlobArtifactStore(tested.Container, tested.Local, tested.Options, now =>
        {
            if (now.BytesDone > 10 * Megabyte) stop.Cancel();
        }, log: new(log, TimeProvider.System));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Publish(Key, Work(store, 100), stop.Token));
        Assert.Equal(2, log.Count);
        Assert.Matches($@"^Warning: Upload of {Key.Path}/\w+ was cut off after [0-9.]+ s: [0-9.]+ MB of 100 MB$", log[1]);
    }

    [Fact]
    public async Task A_request_that_is_tried_again_is_told_without_its_signature_and_not_by_every_block()
    {
        await using var server = await TestServer.Start("azurite");
        var transfers = new TransferLog(log, TimeProvider.System);
        var retries = new List<int>();
        var brief = new BlobStoreOptions { MaxRetries = 3, RetryDelay = TimeSpan.FromSeconds(0.1) };
        brief = brief with
        {
            Retrying = (retry, request) =>
            {
                retries.Add(retry);
                transfers.Retry(retry, brief.MaxRetries, request);
            },
        };
        var signed = new BlobServiceClient(server.ConnectionString).GenerateAccountSasUri(
            AccountSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1), AccountSasResourceTypes.All).AbsoluteUri;
        using var tested = new BlobUnderTest(signed, brief);
        await server.Stop();
        await Assert.ThrowsAsync<ArtifactStoreException>(() => tested.Store.Find(Key, Stop));
        Assert.Equal([1, 2, 3], retries);
        Assert.Equal([$"Warning: The artifact store is asked again, retry 1 of 3: GET {tested.Container.Uri.GetLeftPart(UriPartial.Path)}/{Key.Path}/manifest.json"], log);
    }

    [Fact]
    public async Task A_service_tells_it_in_its_own_log()
    {
        using var folder = new TemporaryFolder();
        var connection = await azurite.ConnectionString();
        var exitCode = await ServiceHost.Run(["--urls=http://127.0.0.1:0"], service =>
        {
            service.Builder.Configuration["ConnectionStrings:blobs"] = connection;
            service.Builder.Configuration["Work:Directory"] = folder.Path;
            service.Builder.Logging.ClearProviders().Services.AddSingleton<ILogger<TransferLog>>(log);
            service.Builder.Services.AddInMemoryMessaging(1);
            service.AddArtifacts();
        }, app => app.Lifetime.ApplicationStarted.Register(() => _ = Task.Run(async () =>
        {
            var store = (BlobArtifactStore)app.Services.GetRequiredService<IArtifactStore>();
            await store.Publish(Key, Work(store, 51), Stop);
            await store.Remove(await store.List(Stop).FirstAsync(part => part.Key == Key, Stop), Stop);
            app.Lifetime.StopApplication();
        }, Stop)));
        Assert.Equal(0, exitCode);
        Assert.Equal(["Information: Upload", "Information: Upload"], log.Where(line => line.Contains(Key.Path, StringComparison.Ordinal))
            .Select(line => line.Split(" of ")[0]));
        Assert.Empty(Directory.GetDirectories(folder.File("work")));
    }

    private static string Work(BlobArtifactStore store, int megabytes)
    {
        var work = store.CreateWorkFolder();
        var content = new byte[megabytes * Megabyte];
        new Random(megabytes).NextBytes(content);
        File.WriteAllBytes(Path.Combine(work, "weights"), content);
        return work;
    }

    private sealed class Lines : List<string>, ILogger<TransferLog>
    {
        private readonly Lock adding = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (adding) Add(string.Create(CultureInfo.InvariantCulture, $"{logLevel}: {formatter(state, exception)}"));
        }
    }
}
