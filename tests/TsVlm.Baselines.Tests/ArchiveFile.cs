using System.Globalization;
using TsVlm.Data;

namespace TsVlm.Baselines.Tests;

/// <summary>The archive's .ts files, as far as the reference data sets use the format.</summary>
internal static class ArchiveFile
{
    public static LabelledSeries[] Read(string folder, string name, string part) =>
    [
        .. File.ReadLines(Path.Combine(folder, name, $"{name}_{part}.ts")).SkipWhile(line => line != "@data").Skip(1).Select(Case),
    ];

    private static LabelledSeries Case(string line)
    {
        var parts = line.Split(':');
        return new(new TimeSeries(parts[..^1].Select(Values)), parts[^1]);
    }

    private static double[] Values(string channel) =>
        [.. channel.Split(',').Select(value => value == "?" ? double.NaN : double.Parse(value, CultureInfo.InvariantCulture))];
}
