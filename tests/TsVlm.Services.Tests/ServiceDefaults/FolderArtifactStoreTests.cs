using TsVlm.Contracts;
using TsVlm.ServiceDefaults;
using TsVlm.Tests;

namespace TsVlm.Services.Tests;

public sealed class FolderArtifactStoreTests : IDisposable
{
    private static readonly ArtifactKey Key = new(ArtifactKind.Samples, new string('a', 64));
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FolderArtifactStore Store => new(folder.Path);

    [Fact]
    public async Task An_artifact_is_not_there_before_its_manifest()
    {
        Work("one.txt", "1");
        Assert.Null(await Store.Find(Key, Stop));
        var error = await Assert.ThrowsAsync<ArtifactException>(() => Store.Fetch(Key, Stop));
        Assert.Contains("expected a complete artifact", error.Message);
    }

    [Fact]
    public async Task What_was_published_is_fetched_unchanged()
    {
        await Store.Publish(Key, Work("a/one.txt", "1"), Stop);
        Assert.Equal("1", File.ReadAllText(Path.Combine(await Store.Fetch(Key, Stop), "a/one.txt")));
    }

    [Fact]
    public async Task Of_two_writers_the_first_wins_and_nothing_of_the_second_stays()
    {
        var first = await Store.Publish(Key, Work("one.txt", "first"), Stop);
        var second = await Store.Publish(Key, Work("one.txt", "second"), Stop);
        Assert.Equal(first.Attempt, second.Attempt);
        Assert.Equal("first", File.ReadAllText(Path.Combine(await Store.Fetch(Key, Stop), "one.txt")));
        Assert.Single(Directory.GetDirectories(Path.Combine(folder.Path, Key.Path)));
    }

    [Fact]
    public async Task Many_writers_at_once_leave_one_whole_artifact()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = new ArtifactKey(ArtifactKind.Samples, $"{round:d64}");
            var folders = Enumerable.Range(0, 16).Select(i => Work("one.txt", $"{i}")).ToList();
            var manifests = await Task.WhenAll(folders.Select(f => Task.Run(() => Store.Publish(key, f, Stop))));
            Assert.Single(manifests.Select(m => m.Attempt).Distinct());
            await Store.Fetch(key, Stop);
        }
    }

    [Theory]
    [InlineData("other")]
    [InlineData("x")]
    [InlineData(null)]
    public async Task A_damaged_file_is_refused_by_name(string? content)
    {
        await Store.Publish(Key, Work("one.txt", "right"), Stop);
        var path = Path.Combine(await Store.Fetch(Key, Stop), "one.txt");
        if (content is null) File.Delete(path);
        else File.WriteAllText(path, content);
        var error = await Assert.ThrowsAsync<ArtifactException>(() => Store.Fetch(Key, Stop));
        Assert.StartsWith(path, error.Message);
        Assert.Contains("expected 5 bytes", error.Message);
    }

    [Fact]
    public async Task A_damaged_manifest_is_refused_by_name()
    {
        await Store.Publish(Key, Work("one.txt", "1"), Stop);
        var path = Path.Combine(folder.Path, Key.Path, "manifest.json");
        File.WriteAllText(path, "{");
        Assert.StartsWith(path, (await Assert.ThrowsAsync<ArtifactException>(() => Store.Find(Key, Stop))).Message);
    }

    [Fact]
    public void The_work_of_dead_processes_is_removed()
    {
        var work = Work("one.txt", "1");
        Store.RemoveWork();
        Assert.False(Directory.Exists(work));
    }

    public void Dispose() => folder.Dispose();

    private string Work(string name, string content)
    {
        var work = Store.CreateWorkFolder();
        var path = Path.Combine(work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return work;
    }
}
