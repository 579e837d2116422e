using TsVlm.Contracts;

namespace TsVlm.Artifacts.Tests;

/// <summary>What every artifact store keeps to.</summary>
public abstract class ArtifactStoreContract : IAsyncLifetime
{
    private static readonly ArtifactKey Key = new(ArtifactKind.Samples, new string('a', 64));
    private StoreUnderTest tested = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IArtifactStore Store => tested.Store;

    [Fact]
    public async Task An_artifact_is_not_there_before_its_manifest()
    {
        tested.Work("one.txt", "1");
        Assert.Null(await Store.Find(Key, Stop));
        foreach (var read in (Func<Task>[])[() => Store.Fetch(Key, Stop), () => Store.OpenRead(Key, "one.txt", Stop)])
            Assert.Contains("expected a complete artifact", (await Assert.ThrowsAsync<MissingArtifactException>(read)).Message);
    }

    [Theory]
    [InlineData("a/one.txt", "1")]
    [InlineData("empty", "")]
    [InlineData("deep/er/ünd mit Leerzeichen.txt", "2")]
    public async Task A_published_artifact_is_fetched_unchanged(string name, string content)
    {
        var work = tested.Work(name, content);
        await Store.Publish(Key, work, Stop);
        Assert.False(Directory.Exists(work));
        Assert.Equal(content, File.ReadAllText(Path.Combine(await tested.Other.Fetch(Key, Stop), name)));
        Assert.Equal(content, await Text(Key, name));
    }

    [Fact]
    public async Task The_first_of_two_writers_wins_and_nothing_of_the_second_stays()
    {
        var first = await Store.Publish(Key, tested.Work("one.txt", "first"), Stop);
        var second = await tested.Other.Publish(Key, tested.Work("one.txt", "second"), Stop);
        Assert.Equal(first.Attempt, second.Attempt);
        Assert.Equal("first", File.ReadAllText(Path.Combine(await Store.Fetch(Key, Stop), "one.txt")));
        Assert.Equal([$"{Key.Path}/{first.Attempt}/one.txt", $"{Key.Path}/manifest.json"],
            (await tested.Paths()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_writers_at_once_leave_one_whole_artifact()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = new ArtifactKey(ArtifactKind.Samples, $"{round:d64}");
            var folders = Enumerable.Range(0, 16).Select(i => tested.Work("one.txt", $"{i}")).ToList();
            var manifests = await Task.WhenAll(
                folders.Select((f, i) => Task.Run(() => (i % 2 == 0 ? Store : tested.Other).Publish(key, f, Stop))));
            Assert.Single(manifests.Select(m => m.Attempt).Distinct());
            await Store.Fetch(key, Stop);
            Assert.Equal(2, (await tested.Paths()).Count(path => path.StartsWith(key.Path, StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("other", "5 bytes with")]
    [InlineData("x", "1 bytes with")]
    [InlineData("far too long", "12 bytes")]
    public async Task A_damaged_file_is_refused_by_name(string content, string found)
    {
        var manifest = await Store.Publish(Key, tested.Work("one.txt", "right"), Stop);
        var path = $"{Key.Path}/{manifest.Attempt}/one.txt";
        await tested.Overwrite(path, content);
        foreach (var read in (Func<Task>[])[() => Store.Fetch(Key, Stop), () => Text(Key, "one.txt")])
        {
            var error = await Assert.ThrowsAnyAsync<ArtifactException>(read);
            Assert.StartsWith(tested.PlaceOf(path), error.Message);
            Assert.Contains("expected 5 bytes", error.Message);
            Assert.Contains($"found {found}", error.Message);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_artifact_of_which_a_file_is_gone_loses_its_manifest_too_and_can_be_made_again(bool wholly)
    {
        var manifest = await Store.Publish(Key, tested.Work("one.txt", "right"), Stop);
        var path = $"{Key.Path}/{manifest.Attempt}/one.txt";
        await tested.Overwrite(path, null);
        var error = await Assert.ThrowsAsync<MissingArtifactException>(() => wholly
            ? Store.Fetch(Key, Stop) : Store.OpenRead(Key, "one.txt", Stop));
        Assert.Equal(Key, error.Key);
        Assert.StartsWith($"{tested.PlaceOf(path)}: expected 5 bytes with SHA-256", error.Message);
        Assert.Contains("found no file. The artifact is not whole", error.Message);
        Assert.Null(await Store.Find(Key, Stop));
        await Store.Publish(Key, tested.Work("one.txt", "again"), Stop);
        Assert.Equal("again", await Text(Key, "one.txt"));
    }

    [Fact]
    public async Task A_file_that_the_artifact_does_not_have_is_refused_with_those_it_has()
    {
        await Store.Publish(Key, tested.Work("one.txt", "1"), Stop);
        foreach (var name in (string[])["two.txt", "../manifest.json", ""])
            Assert.Contains($"expected a file '{name}', found one.txt",
                (await Assert.ThrowsAsync<ArtifactException>(() => Store.OpenRead(Key, name, Stop))).Message);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"key":{"kind":"samples","hash":"aa"},"attempt":"x","files":[{"name":"../../out","bytes":1,"sha256":"00"}]}""")]
    public async Task A_damaged_manifest_is_refused_by_name(string content)
    {
        await Store.Publish(Key, tested.Work("one.txt", "1"), Stop);
        await tested.Overwrite($"{Key.Path}/manifest.json", content);
        foreach (var read in (Func<Task>[])[() => Store.Find(Key, Stop), () => Store.Fetch(Key, Stop)])
            Assert.StartsWith(tested.PlaceOf($"{Key.Path}/manifest.json"), (await Assert.ThrowsAnyAsync<ArtifactException>(read)).Message);
    }

    [Fact]
    public async Task Files_of_a_writer_that_died_are_never_read_and_block_no_other_writer()
    {
        await tested.Overwrite($"{Key.Path}/dead/one.txt", "half");
        Assert.Null(await Store.Find(Key, Stop));
        await Assert.ThrowsAsync<MissingArtifactException>(() => Store.Fetch(Key, Stop));
        var left = Assert.Single(await Parts());
        Assert.Equal((Key, StoredPartKind.Leftover, "dead", 4L), (left.Key, left.Kind, left.Name, left.Bytes));

        await Store.Publish(Key, tested.Work("one.txt", "whole"), Stop);
        Assert.Equal("whole", await Text(Key, "one.txt"));
        Assert.True(await Store.Remove(left, Stop));
        Assert.Equal(StoredPartKind.Artifact, Assert.Single(await Parts()).Kind);
        Assert.Equal("whole", await Text(Key, "one.txt"));
    }

    [Fact]
    public async Task Parts_of_the_store_are_listed_and_removed_one_by_one()
    {
        var other = new ArtifactKey(ArtifactKind.Dataset, new string('c', 64));
        var manifest = await Store.Publish(Key, tested.Work("one.txt", "1"), Stop);
        await Store.Publish(other, tested.Work("two.txt", "2"), Stop);
        await Store.PublishSnapshot(new(ArtifactKind.Checkpoint, new string('d', 64)), 7, tested.Work("state", "s"), Stop);
        var parts = await Parts();
        Assert.Equal([StoredPartKind.Artifact, StoredPartKind.Artifact, StoredPartKind.Snapshots], parts.Select(p => p.Kind).Order());
        var part = parts.Single(p => p.Key == Key);
        Assert.Equal(manifest.Attempt, part.Name);
        Assert.InRange(part.LastWrite, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(2));
        Assert.True(part.Bytes > 1);

        Assert.True(await Store.Remove(part, Stop));
        Assert.Null(await Store.Find(Key, Stop));
        Assert.DoesNotContain(await tested.Paths(), path => path.StartsWith(Key.Path, StringComparison.Ordinal));
        foreach (var rest in parts.Where(p => p != part)) Assert.True(await tested.Other.Remove(rest, Stop));
        Assert.Empty(await tested.Paths());
        Assert.Empty(await Parts());
    }

    [Fact]
    public async Task A_part_that_was_made_anew_since_it_was_listed_stays()
    {
        await Store.Publish(Key, tested.Work("one.txt", "1"), Stop);
        var listed = Assert.Single(await Parts());
        Assert.True(await Store.Remove(listed, Stop));
        await Store.Publish(Key, tested.Work("one.txt", "2"), Stop);
        Assert.False(await Store.Remove(listed, Stop));
        Assert.Equal("2", await Text(Key, "one.txt"));
    }

    public async ValueTask InitializeAsync() => tested = await Create();

    public ValueTask DisposeAsync()
    {
        tested?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract Task<StoreUnderTest> Create();

    private async Task<string> Text(ArtifactKey key, string file)
    {
        using var reader = new StreamReader(await Store.OpenRead(key, file, Stop));
        return await reader.ReadToEndAsync(Stop);
    }

    private async Task<IReadOnlyList<StoredPart>> Parts() => await Store.List(Stop).ToListAsync(Stop);
}
