namespace TsVlm.Pretraining.Synthetic;

/// <summary>
/// The classes that the questions of synthetic series list: they mean nothing, are mostly few, at times many, and are named by numbers or by
/// made-up words. What the teacher says does not depend on them, so the model learns to carry it past any list of options.
/// </summary>
internal static class SyntheticClasses
{
    private const int MostOften = 24, Most = 60;
    private const double ShareOfLong = 0.1;
    private static readonly string[] Syllables = ["ba", "den", "fi", "gor", "ka", "lum", "mer", "no", "pel", "ri", "sta", "tun", "ver",
        "wo", "zi"];

    /// <summary>Names of two or more classes, no two alike.</summary>
    public static string[] Names(Random random)
    {
        var isLong = random.NextDouble() < ShareOfLong;
        var numClasses = (int)(isLong ? random.LogUniform(MostOften, Most) : random.LogUniform(2, MostOften));
        var areWords = random.Next(2) == 0;
        return [.. Enumerable.Range(1, numClasses).Select(number => areWords ? Word(number, random) : $"{number}")];
    }

    // No two alike: the number decides the first two syllables.
    private static string Word(int number, Random random) =>
        Syllables[number % Syllables.Length] + Syllables[number / Syllables.Length]
        + (random.Next(2) == 0 ? "" : Syllables[random.Next(Syllables.Length)]);
}
