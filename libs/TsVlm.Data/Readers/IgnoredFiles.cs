namespace TsVlm.Data.Readers;

/// <summary>
/// Files of a folder of data sets that are named like those of a data set and yet belong to none: compressed, of another type, in other
/// letter case, in a folder of another name, or a test file without its training file. A user who expects them should hear of them.
/// </summary>
internal static class IgnoredFiles
{
    private static readonly HashSet<string> CompressedExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar",
    };

    /// <summary>A sentence for each such file, sorted by path, that says why it is not read and what to do.</summary>
    /// <param name="directory">The folder of data sets.</param>
    /// <param name="name">Only files that are named like this data set, in whatever case; null for all.</param>
    public static IReadOnlyList<string> Notes(string directory, string? name = null)
    {
        var folders = Directory.EnumerateDirectories(directory).Select(folder => (Path: folder, Name: (string?)Path.GetFileName(folder)));
        return
        [
            .. from folder in folders.Prepend((Path: directory, Name: null))
               from path in Directory.EnumerateFiles(folder.Path)
               let shown = Path.GetRelativePath(directory, path)
               where name is null || IsNamedLike(name, folder.Name) || IsNamedLike(name, Path.GetFileName(path))
               orderby shown
               let note = NoteOf(directory, folder.Name, Path.GetFileName(path))
               where note is not null
               select $"{VisibleText.Of(shown)}: {note}",
        ];
    }

    private static bool IsNamedLike(string name, string? found) => found is not null
        && found.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (found.Length == name.Length || found[name.Length] is '_' or '.');

    private static string? NoteOf(string directory, string? folder, string fileName)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(fileName), Path.GetExtension(fileName));
        if (CompressedExtensions.Contains(extension)) return "a compressed file is not read. Unpack it here.";
        if (SuffixOf(stem) is not { } suffix) return null;
        if (VisibleText.HasHidden(fileName)) return "expected a name without control and invisible characters. Rename it.";
        var name = stem[..^suffix.Length];
        if (!DatasetFiles.IsReadable(extension, StringComparison.OrdinalIgnoreCase))
            return $"files of type {Fields.Quote(extension)} are not read. Convert it to {DatasetFiles.Extensions}.";
        var expected = name + suffix + extension.ToLowerInvariant();
        if (fileName != expected)
            return $"expected the name {Fields.Quote(expected)}, as upper and lower case differ. Rename it.";
        if (folder is not null && folder != name)
            return $"expected it in a folder {Fields.Quote(name)}, found it in {Fields.Quote(folder)}. Rename the folder or the file.";
        return suffix == DatasetFiles.TestSuffix && DatasetFiles.Find(directory, name) is null
            ? $"expected {Fields.Quote(name + DatasetFiles.TrainSuffix + extension)} beside it, found no training file. Add it." : null;
    }

    private static string? SuffixOf(string stem) => Array.Find(
        [DatasetFiles.TrainSuffix, DatasetFiles.TestSuffix], suffix => stem.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
}
