using TsVlm.Cli.Hosting;

namespace TsVlm.Cli.Export;

/// <summary>A folder that appears whole or not at all: it is written beside its place and moved there when it is finished.</summary>
internal sealed class ExportFolder : IDisposable
{
    // Every export ends with it; only a folder that has it is ever replaced.
    private const string Mark = "export.json";
    private readonly string target;
    private readonly string suffix = Guid.NewGuid().ToString("N")[..8];

    /// <exception cref="IOException">The place is a file, or a folder with files in it that may not be replaced.</exception>
    public ExportFolder(string path, bool replace)
    {
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(target))
            throw new IOException($"{target}: expected a folder to write into, found a file. Name another one with --to.");
        var isEmpty = !Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any();
        if (!isEmpty && !replace)
            throw new IOException(
                $"{target}: expected a new or empty folder, found files in it. Name another one with --to, or replace an earlier export with --force.");
        if (!isEmpty && !File.Exists(Path.Combine(target, Mark)))
            throw new IOException(
                $"{target}: expected an earlier export to replace (with {Mark}), found other files. Name another folder with --to.");
        Draft = $"{target}.draft-{suffix}";
        WritableFolder.Require(Draft, "--to");
    }

    /// <summary>Where to write.</summary>
    public string Draft { get; }

    /// <summary>Puts what was written in its place.</summary>
    public void Finish()
    {
        var old = $"{target}.old-{suffix}";
        if (Directory.Exists(target)) Directory.Move(target, old);
        Directory.Move(Draft, target);
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }

    /// <summary>Leaves nothing of what was not finished.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Draft)) Directory.Delete(Draft, recursive: true);
    }
}
