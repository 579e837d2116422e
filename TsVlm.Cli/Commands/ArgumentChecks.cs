using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace TsVlm.Cli.Commands;

/// <summary>Checks that every option and argument of every command has: none is empty, and numbers are numbers.</summary>
internal static class ArgumentChecks
{
    /// <summary>Adds them to a command and those below it.</summary>
    public static void Add(Command command)
    {
        foreach (var option in command.Options)
        {
            option.Validators.Add(result => RefuseEmpty(result, option.Name));
            TakeNumbers(option);
        }
        foreach (var argument in command.Arguments)
        {
            argument.Validators.Add(result => RefuseEmpty(result, argument.Name));
            if (argument is Argument<int> number) number.CustomParser ??= result => ParseWhole(result, number.Name);
        }
        foreach (var below in command.Subcommands) Add(below);
    }

    /// <summary>A script passes an empty value where its variable is not set.</summary>
    private static void RefuseEmpty(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            result.AddError($"{name}: expected a value, found an empty one. Is a variable of your script not set?");
    }

    private static void TakeNumbers(Option option)
    {
        if (option is Option<int> whole) whole.CustomParser ??= result => ParseWhole(result, option.Name);
        if (option is Option<int?> maybe) maybe.CustomParser ??= result => ParseWhole(result, option.Name);
        if (option is Option<double> real) real.CustomParser ??= result => ParseReal(result, option.Name);
    }

    private static int ParseWhole(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && text.Length > 0)
            result.AddError($"{name}: expected a whole number, found '{text}'.");
        return number;
    }

    private static double ParseReal(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if ((!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            && text.Length > 0)
            result.AddError($"{name}: expected a number, found '{text}'.");
        return number;
    }
}
