using System.Globalization;

namespace TsVlm.Chaos;

/// <summary>The command line: a command, then numbers and texts by name.</summary>
internal sealed class Options(string[] args)
{
    public string Command => args.Length > 0 && !args[0].StartsWith("--", StringComparison.Ordinal) ? args[0] : "chaos";

    /// <summary>A text; null where it is not given.</summary>
    public string? Text(string name)
    {
        var at = Array.IndexOf(args, $"--{name}");
        if (at < 0) return null;
        return at + 1 < args.Length ? args[at + 1] : throw new ChaosException($"--{name}: expected a value, found nothing.");
    }

    public int Number(string name, int defaultValue)
    {
        var at = Array.IndexOf(args, $"--{name}");
        if (at < 0) return defaultValue;
        return at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ChaosException(
                $"--{name}: expected a whole number, found {(at + 1 < args.Length ? $"'{args[at + 1]}'" : "nothing")}.");
    }
}
