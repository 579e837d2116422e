using System.Diagnostics;
using System.Globalization;

namespace TsVlm.Chaos;

/// <summary>What is printed, each line with the seconds since the start.</summary>
internal static class Output
{
    private static readonly Stopwatch Watch = Stopwatch.StartNew();

    /// <summary>Prints what did not hold.</summary>
    /// <returns>The exit code.</returns>
    public static int Sum(IReadOnlyList<string> findings)
    {
        foreach (var finding in findings) Line($"FAILED: {finding}");
        Line(findings.Count == 0 ? "Everything held." : $"{findings.Count} failed.");
        return findings.Count == 0 ? 0 : 1;
    }

    /// <summary>When a line of a log was written, in seconds since this program began.</summary>
    public static double SecondsAt(string time) =>
        (Watch.Elapsed - (DateTimeOffset.UtcNow - DateTimeOffset.Parse(time, CultureInfo.InvariantCulture))).TotalSeconds;

    public static void Line(FormattableString text) => Line(FormattableString.Invariant(text));

    public static void Line(string text) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Watch.Elapsed.TotalSeconds,7:0.0} s  {text}"));
}

/// <summary>A server or a program that cannot be had here; the message says which and why.</summary>
internal sealed class MissingServerException(string message) : Exception(message);

/// <summary>Something that should have happened did not.</summary>
internal sealed class ChaosException(string message) : Exception(message);
