using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Data.Readers;

namespace TsVlm.Experiments;

/// <summary>Where data sets come from: a folder in the archives' layout, or the built-in generators.</summary>
/// <param name="Directory">The folder; null for the built-in data sets.</param>
public sealed record DatasetCatalog(string? Directory)
{
    /// <summary>Names of all data sets.</summary>
    public IReadOnlyList<string> Names => Directory is null ? BuiltInDatasets.Names : DatasetReader.List(Directory);

    /// <summary>Name of the first data set.</summary>
    public string First => Names.Count > 0 ? Names[0] : throw new DataException($"{Directory}: expected data sets, found none.");

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

    /// <summary>The names asked for, or all where none are.</summary>
    public IReadOnlyList<string> Select(IReadOnlyList<string> wanted) =>
        wanted.Count == 0 || wanted is ["all"] ? Names : [.. wanted.Distinct()];
}
