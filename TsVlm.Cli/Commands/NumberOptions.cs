using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace TsVlm.Cli.Commands;

/// <summary>
/// Options that take a number. Each has its bounds; what is outside them, NaN and infinities included, is refused with the allowed range.
/// </summary>
internal static class NumberOptions
{
    /// <summary>A whole number with a default.</summary>
    public static Option<int> Whole(string name, string description, int byDefault, int min, int max) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result => ParseWhole(name, result, min, max) ?? byDefault,
    };

    /// <summary>A whole number; null where it is not given.</summary>
    public static Option<int?> Whole(string name, string description, int min, int max) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => ParseWhole(name, result, min, max),
    };

    /// <summary>A number with a default.</summary>
    public static Option<double> Real(string name, string description, double byDefault, double min, double max) => new(name)
    {
        HelpName = "X",
        Description = description,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result => ParseReal(name, result, min, max) ?? byDefault,
    };

    /// <summary>A number; null where it is not given.</summary>
    public static Option<double?> Real(string name, string description, double min, double max) => new(name)
    {
        HelpName = "X",
        Description = description,
        CustomParser = result => ParseReal(name, result, min, max),
    };

    private static int? ParseWhole(string name, ArgumentResult result, int min, int max)
    {
        var text = result.Tokens[0].Value;
        var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (isNumber && number >= min && number <= max) return number;
        result.AddError(FormattableString.Invariant($"{name}: expected a number from {min} to {max}, found '{text}'."));
        return null;
    }

    private static double? ParseReal(string name, ArgumentResult result, double min, double max)
    {
        var text = result.Tokens[0].Value;
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        // No comparison holds for NaN.
        if (isNumber && number >= min && number <= max) return number;
        result.AddError(FormattableString.Invariant($"{name}: expected a number from {min} to {max}, found '{text}'."));
        return null;
    }
}
