using TsVlm.Contracts;

namespace TsVlm.Artifacts.Tests;

/// <summary>What every artifact store keeps to with snapshots of unfinished work.</summary>
public abstract class SnapshotContract : IAsyncLifetime
{
    private static readonly ArtifactKey Key = new(ArtifactKind.Checkpoint, new string('b', 64));
    private readonly List<string> warnings = [];
    private StoreUnderTest tested = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Root => $"{Key.Path}/snapshots";

    [Fact]
    public async Task A_key_without_snapshots_has_no_newest_one() => Assert.Null(await Newest());

    [Fact]
    public async Task The_newest_snapshot_is_the_one_furthest_on_and_two_are_kept()
    {
        foreach (var position in (long[])[9, 1000, 80, 3]) await Publish(position, $"{position}");
        Assert.Equal("1000", await Newest());
        Assert.Equal(["000000000080", "000000001000"], await Positions());
    }

    [Fact]
    public async Task A_writer_that_lags_behind_neither_replaces_nor_follows_what_is_newer()
    {
        foreach (var position in (long[])[10, 20]) await Publish(position, "ahead");
        foreach (var position in (long[])[20, 10, 5])
            await tested.Other.PublishSnapshot(Key, position, tested.Work("state", "behind"), Stop);
        Assert.Equal("ahead", await Newest());
        Assert.Equal(["000000000010", "000000000020"], await Positions());
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("state", "damaged")]
    [InlineData("state", null)]
    [InlineData("manifest.json", "{")]
    public async Task A_damaged_snapshot_is_passed_over_for_the_one_before_with_a_warning(string file, string? content)
    {
        await Publish(1, "before");
        await Publish(2, "newest");
        var path = (await tested.Paths()).Single(p => p.StartsWith($"{Root}/000000000002/", StringComparison.Ordinal)
            && p.EndsWith(file, StringComparison.Ordinal));
        await tested.Overwrite(path, content);
        Assert.Equal("before", await Newest());
        Assert.Contains(tested.PlaceOf(path), Assert.Single(warnings));
        // It makes room for a whole one at its place.
        await Publish(2, "again");
        Assert.Equal("again", await Newest());
        Assert.Single(warnings);
    }

    [Fact]
    public async Task A_snapshot_without_a_manifest_is_passed_over()
    {
        await Publish(1, "before");
        await Publish(2, "newest");
        await tested.Overwrite($"{Root}/000000000002/manifest.json", null);
        Assert.Equal("before", await Newest());
    }

    [Fact]
    public async Task Damaged_snapshots_alone_count_as_none()
    {
        await Publish(1, "one");
        await tested.Overwrite((await tested.Paths()).Single(p => p.EndsWith("state", StringComparison.Ordinal)), "x");
        Assert.Null(await Newest());
        Assert.Single(warnings);
    }

    [Fact]
    public async Task The_first_of_two_writers_at_one_position_wins()
    {
        await Publish(5, "first");
        await tested.Other.PublishSnapshot(Key, 5, tested.Work("state", "second"), Stop);
        Assert.Equal("first", await Newest());
        Assert.Equal(2, (await tested.Paths()).Count);
    }

    [Fact]
    public async Task Many_writers_at_once_leave_two_whole_snapshots()
    {
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => Publish(i / 3, $"{i / 3}"), Stop)));
        Assert.Equal("7", await Newest());
        Assert.Equal(2, (await Positions()).Count);
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task A_published_artifact_has_no_snapshots_and_gets_none()
    {
        await Publish(1, "one");
        await tested.Store.Publish(Key, tested.Work("state", "whole"), Stop);
        Assert.Null(await Newest());
        await Publish(2, "late");
        Assert.Null(await Newest());
        Assert.Equal(2, (await tested.Paths()).Count);
        Assert.Equal("whole", File.ReadAllText(Path.Combine(await tested.Store.Fetch(Key, Stop), "state")));
    }

    [Fact]
    public async Task A_snapshot_is_no_artifact()
    {
        await Publish(1, "one");
        Assert.Null(await tested.Store.Find(Key, Stop));
    }

    public async ValueTask InitializeAsync() => tested = await Create();

    public ValueTask DisposeAsync()
    {
        tested?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract Task<StoreUnderTest> Create();

    private Task Publish(long position, string content) => tested.Store.PublishSnapshot(Key, position, tested.Work("state", content), Stop);

    private async Task<string?> Newest() =>
        await tested.Store.FetchNewestSnapshot(Key, warnings.Add, Stop) is { } path ? File.ReadAllText(Path.Combine(path, "state")) : null;

    private async Task<IReadOnlyList<string>> Positions() =>
        [.. (await tested.Paths()).Where(p => p.StartsWith(Root, StringComparison.Ordinal))
        .Select(p => p[(Root.Length + 1)..].Split('/')[0]).Distinct().Order()];
}
