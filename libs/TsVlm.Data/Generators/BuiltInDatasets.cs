namespace TsVlm.Data.Generators;

/// <summary>
/// The generated data sets that come with the program, at fixed sizes and seeds. Classes are balanced.
/// <code>
/// name                training  test  length  channels  classes  seed
/// CBF                       198  150     128         1        3  1994
/// SyntheticControl          198  150      60         1        6  1999
/// TwoPatterns               200  152     128         1        4  2002
/// ShapeletSim               200  150     500         1        2  2014
/// ArmMotions                200  152     100         3        4  2024
/// </code>
/// </summary>
public static class BuiltInDatasets
{
    private static readonly (SeriesGenerator Generator, int NumTrain, int NumTest, int Seed)[] All =
    [
        (CylinderBellFunnel.Generator, 198, 150, 1994),
        (SyntheticControl.Generator, 198, 150, 1999),
        (TwoPatterns.Generator, 200, 152, 2002),
        (ShapeletSim.Generator, 200, 150, 2014),
        (ArmMotions.Generator, 200, 152, 2024),
    ];

    /// <summary>Names of the built-in data sets.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Generator.Name)];

    /// <summary>The generator of that data set, for other sizes and seeds.</summary>
    /// <exception cref="DataException">No such built-in data set.</exception>
    public static SeriesGenerator Generator(string name) => Find(name).Generator;

    /// <summary>The built-in data set of that name at its fixed sizes and seed.</summary>
    /// <exception cref="DataException">No such built-in data set.</exception>
    public static Dataset Generate(string name)
    {
        var (generator, numTrain, numTest, seed) = Find(name);
        return generator.Generate(numTrain, numTest, seed);
    }

    private static (SeriesGenerator Generator, int NumTrain, int NumTest, int Seed) Find(string name)
    {
        var found = Array.Find(All, entry => entry.Generator.Name == name);
        return found.Generator is null
            ? throw new DataException(
                $"Built-in data sets: expected one of {string.Join(", ", Names)}, found {Fields.Quote(name)}. Choose one of these.")
            : found;
    }
}
