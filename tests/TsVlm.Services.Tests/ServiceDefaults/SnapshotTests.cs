using TsVlm.Contracts;
using TsVlm.ServiceDefaults;
using TsVlm.Tests;

namespace TsVlm.Services.Tests;

public sealed class SnapshotTests : IDisposable
{
    private static readonly ArtifactKey Key = new(ArtifactKind.Checkpoint, new string('b', 64));
    private readonly TemporaryFolder folder = new();
    private readonly List<string> warnings = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FolderArtifactStore Store => new(folder.Path);

    private string Snapshots => Path.Combine(folder.Path, Key.Path, "snapshots");

    [Fact]
    public async Task Without_a_snapshot_there_is_none() => Assert.Null(await Newest());

    [Fact]
    public async Task The_newest_is_the_one_furthest_on_and_two_are_kept()
    {
        foreach (var position in (long[])[9, 1000, 80, 3]) await Publish(position, $"{position}");
        Assert.Equal("1000", await Newest());
        Assert.Equal(["000000000080", "000000001000"], Directory.GetDirectories(Snapshots).Select(Path.GetFileName).Order());
        Assert.Empty(WorkFolders());
    }

    [Theory]
    [InlineData("state", "damaged")]
    [InlineData("state", null)]
    [InlineData("manifest.json", "{")]
    [InlineData("manifest.json", null)]
    public async Task A_damaged_one_is_passed_over_for_the_one_before_with_a_warning(string file, string? content)
    {
        await Publish(1, "before");
        await Publish(2, "newest");
        var path = Path.Combine(Snapshots, "000000000002", file);
        if (content is null) File.Delete(path);
        else File.WriteAllText(path, content);
        Assert.Equal("before", await Newest());
        Assert.Contains(path, Assert.Single(warnings));
        // It makes room for a whole one at its place.
        await Publish(2, "again");
        Assert.Equal("again", await Newest());
        Assert.Single(warnings);
    }

    [Fact]
    public async Task Where_all_are_damaged_there_is_none()
    {
        await Publish(1, "one");
        File.WriteAllText(Path.Combine(Snapshots, "000000000001", "state"), "x");
        Assert.Null(await Newest());
        Assert.Single(warnings);
    }

    [Fact]
    public async Task Of_two_writers_at_one_position_the_first_wins()
    {
        await Publish(5, "first");
        await Publish(5, "second");
        Assert.Equal("first", await Newest());
        Assert.Empty(WorkFolders());
    }

    [Fact]
    public async Task Many_writers_at_once_leave_two_whole_snapshots()
    {
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => Publish(i / 3, $"{i / 3}"), Stop)));
        Assert.Equal("7", await Newest());
        Assert.Equal(2, Directory.GetDirectories(Snapshots).Length);
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task A_published_artifact_has_no_snapshots_and_gets_none()
    {
        await Publish(1, "one");
        await Store.Publish(Key, Work("whole"), Stop);
        Assert.Null(await Newest());
        await Publish(2, "late");
        Assert.Null(await Newest());
        Assert.Empty(WorkFolders());
        Assert.Equal("whole", File.ReadAllText(Path.Combine(await Store.Fetch(Key, Stop), "state")));
    }

    [Fact]
    public async Task A_snapshot_is_no_artifact()
    {
        await Publish(1, "one");
        Assert.Null(await Store.Find(Key, Stop));
    }

    public void Dispose() => folder.Dispose();

    private Task Publish(long position, string content) => Store.PublishSnapshot(Key, position, Work(content), Stop);

    private async Task<string?> Newest() =>
        await Store.FetchNewestSnapshot(Key, warnings.Add, Stop) is { } path ? File.ReadAllText(Path.Combine(path, "state")) : null;

    private string[] WorkFolders() => Directory.GetDirectories(folder.File("work"));

    private string Work(string content)
    {
        var work = Store.CreateWorkFolder();
        File.WriteAllText(Path.Combine(work, "state"), content);
        return work;
    }
}
