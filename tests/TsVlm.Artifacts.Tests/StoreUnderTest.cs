using TsVlm.Artifacts.Folders;
using TsVlm.Tests;

namespace TsVlm.Artifacts.Tests;

/// <summary>A store as a battery sees it, and as one sees it who reaches below it.</summary>
public abstract class StoreUnderTest : IDisposable
{
    /// <summary>The store.</summary>
    public abstract IArtifactStore Store { get; }

    /// <summary>The same store as another process would have it.</summary>
    public abstract IArtifactStore Other { get; }

    /// <summary>Path of every file that it holds, sorted.</summary>
    public abstract Task<IReadOnlyList<string>> Paths();

    /// <summary>Changes a file behind the store's back; null removes it.</summary>
    public abstract Task Overwrite(string path, string? content);

    /// <summary>What messages call a file.</summary>
    public abstract string PlaceOf(string path);

    /// <summary>A work folder with one file.</summary>
    public string Work(string name, string content)
    {
        var work = Store.CreateWorkFolder();
        var path = Path.Combine(work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return work;
    }

    public abstract void Dispose();
}

/// <summary>In a folder.</summary>
public sealed class FolderUnderTest : StoreUnderTest
{
    private readonly TemporaryFolder folder = new();

    public FolderUnderTest() => (Store, Other) = (new FolderArtifactStore(Root), new FolderArtifactStore(Root));

    public override IArtifactStore Store { get; }

    public override IArtifactStore Other { get; }

    private string Root => folder.File("store");

    public override Task<IReadOnlyList<string>> Paths() =>
        Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path)).Where(path => path != "publish.lock").Order(StringComparer.Ordinal)]);

    public override Task Overwrite(string path, string? content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PlaceOf(path))!);
        if (content is null) File.Delete(PlaceOf(path));
        else File.WriteAllText(PlaceOf(path), content);
        return Task.CompletedTask;
    }

    public override string PlaceOf(string path) => Path.Combine(Root, path);

    public override void Dispose() => folder.Dispose();
}
