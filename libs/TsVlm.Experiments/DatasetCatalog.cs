using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Data.Readers;

namespace TsVlm.Experiments;

/// <summary>Where data sets come from: a folder in the archives' layout, or the built-in generators.</summary>
/// <param name="Directory">The folder; null for the built-in data sets.</param>
public sealed record DatasetCatalog(string? Directory)
{
    private const int MaxIgnoredShown = 5;

    /// <summary>Names of all data sets.</summary>
    public IReadOnlyList<string> Names => Directory is null ? BuiltInDatasets.Names : DatasetReader.List(Directory);

    /// <summary>Name of the first data set.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public string First => Select([])[0];

    /// <summary>Files that are named like those of a data set and are not read: a sentence for each.</summary>
    public IReadOnlyList<string> Ignored => Directory is null ? [] : DatasetReader.ListIgnored(Directory);

    /// <summary>The data set of that name.</summary>
    /// <exception cref="DataException">There is none, or its files are bad.</exception>
    public Dataset Open(string name)
    {
        if (Directory is not null) return DatasetReader.Read(Directory, name);
        return BuiltInDatasets.Names.Contains(name)
            ? BuiltInDatasets.Generate(name)
            : throw new DataException(
                $"Data set '{name}': expected one of the built-in {string.Join(", ", BuiltInDatasets.Names)}. Name a folder with --data for others.");
    }

    /// <summary>Changes when the files of a data set do, so that what was read of it can be kept until then.</summary>
    public string StateOf(string name) => Directory is null ? "" : DatasetReader.StateOf(Directory, name);

    /// <summary>The names asked for, or all where none are.</summary>
    /// <exception cref="DataException">All are asked for, and there is none.</exception>
    public IReadOnlyList<string> Select(IReadOnlyList<string> wanted)
    {
        if (wanted.Count > 0 && wanted is not ["all"]) return [.. wanted.Distinct()];
        return Names is { Count: > 0 } names ? names : throw new DataException(
            $"{Directory}: expected data sets (NAME/NAME_TRAIN.ts and NAME_TEST.ts, or NAME.csv), found none."
            + string.Concat(Ignored.Take(MaxIgnoredShown).Select(note => $" Not read: {note}")));
    }
}
