using System.Globalization;
using TsVlm.Data.Generators;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

/// <summary>A few cases of the built-in CBF as files of a data set of its own: enough where the number of cases does not matter.</summary>
internal static class SmallData
{
    public const string Name = "Shapes";
    public const int NumTest = 18;
    private const int NumTrain = 48;

    /// <summary>Writes data/Shapes_TRAIN.csv and data/Shapes_TEST.csv.</summary>
    public static void Write(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.File("data"));
        var cases = BuiltInDatasets.Generate("CBF").Cases;
        foreach (var (part, first, count) in (ReadOnlySpan<(string, int, int)>)[("TRAIN", 0, NumTrain), ("TEST", NumTrain, NumTest)])
        {
            var lines = cases.Skip(first).Take(count)
                .Select(c => $"{c.Label},{string.Join(',', c.Series.Channel(0).ToArray().Select(v => v.ToString("0.000", CultureInfo.InvariantCulture)))}");
            File.WriteAllLines(folder.File($"data/{Name}_{part}.csv"),
                [$"label,{string.Join(',', Enumerable.Range(0, 128).Select(t => $"t{t}"))}", .. lines]);
        }
    }
}
