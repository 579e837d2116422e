using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Experiments.Grid;
using TsVlm.Messaging;
using TsVlm.Tests;

namespace TsVlm.Services.Tests.Pipeline;

public sealed class FullDiskPipelineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_ends_the_process_with_its_reason_and_the_runs_go_on_once_there_is_room()
    {
        var request = LocalPipeline.Small(LocalPipeline.MicroModel(folder));
        await using (var full = await LocalPipeline.Start(folder.Path, Stop, store => new FullStore(store, ArtifactKind.Checkpoint)))
        {
            var experiment = await full.Launch(request, Stop);
            await Task.Delay(Timeout.Infinite, full.Ended).ContinueWith(_ => { }, Stop, TaskContinuationOptions.None, TaskScheduler.Default)
                .WaitAsync(TimeSpan.FromMinutes(1), Stop);
            Assert.True(Failures.IsDiskFull(full.Failure!), $"{full.Failure}");
            Assert.DoesNotContain(await full.Experiments.Runs(experiment.Id, Stop), run => run.Failed is not null);
        }
        await using var roomy = await LocalPipeline.Start(folder.Path, Stop);
        Assert.All(await roomy.Run(request, Stop), run => Assert.True(run.Succeeded));
    }

    [Fact]
    public async Task A_name_too_long_for_a_folder_is_refused_before_any_work()
    {
        await using var pipeline = await LocalPipeline.Start(folder.Path, Stop);
        var name = new string('n', 230);
        var request = LocalPipeline.Small(LocalPipeline.MicroModel(folder), $$""", { "name": "{{name}}", "recipe": { "epochs": 2 } }""");
        var error = await Assert.ThrowsAsync<GridException>(() => pipeline.Launch(request, Stop));
        Assert.Contains($"Data set 'CBF', scenario '{name}': expected names that fit a run's folder name of at most 255 characters, found",
            error.Message);
        Assert.Empty(await pipeline.Artifacts.List(Stop).ToListAsync(Stop));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>A folder on a disk that has no room for one kind of artifact.</summary>
    private sealed class FullStore(IArtifactStore inner, ArtifactKind kind) : IArtifactStore
    {
        private const int NoSpaceLeft = 28;

        public Task<ArtifactManifest> Publish(ArtifactKey key, string workFolder, CancellationToken cancellationToken) => key.Kind == kind
            ? throw new IOException($"No space left on device : '{key.Path}'", NoSpaceLeft)
            : inner.Publish(key, workFolder, cancellationToken);

        public Task<ArtifactManifest?> Find(ArtifactKey key, CancellationToken cancellationToken) => inner.Find(key, cancellationToken);

        public Task<string> Fetch(ArtifactKey key, CancellationToken cancellationToken) => inner.Fetch(key, cancellationToken);

        public Task<Stream> OpenRead(ArtifactKey key, string file, CancellationToken cancellationToken) =>
            inner.OpenRead(key, file, cancellationToken);

        public string CreateWorkFolder() => inner.CreateWorkFolder();

        public Task PublishSnapshot(ArtifactKey key, long position, string workFolder, CancellationToken cancellationToken) =>
            inner.PublishSnapshot(key, position, workFolder, cancellationToken);

        public Task<string?> FetchNewestSnapshot(ArtifactKey key, Action<string> warn, CancellationToken cancellationToken) =>
            inner.FetchNewestSnapshot(key, warn, cancellationToken);

        public IAsyncEnumerable<StoredPart> List(CancellationToken cancellationToken) => inner.List(cancellationToken);

        public Task<bool> Remove(StoredPart part, CancellationToken cancellationToken) => inner.Remove(part, cancellationToken);
    }
}
