namespace TsVlm.Representations.Tokenization;

/// <summary>
/// The small text file that Git leaves in place of a large one until Git LFS has fetched it (github.com/git-lfs/git-lfs, docs/spec.md).
/// </summary>
public static class GitLfsPointer
{
    private static ReadOnlySpan<byte> Beginning => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>What is wrong with a file that is a pointer, and what to do; null for every other file.</summary>
    public static string? Problem(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[Beginning.Length];
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..count].SequenceEqual(Beginning)
            ? $"{path}: expected the content of the file, found a Git LFS pointer to it. "
                + "Run git lfs pull in its folder, or download the file itself."
            : null;
    }
}
