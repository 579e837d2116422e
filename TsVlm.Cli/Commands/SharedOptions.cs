using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Experiments.Grid;

namespace TsVlm.Cli.Commands;

/// <summary>Options and arguments that several commands have.</summary>
internal static class SharedOptions
{
    private const int MaxParallel = 256;

    public static Option<string?> Data() => new("--data")
    {
        HelpName = "DIR",
        Description = "Folder of data sets: NAME/NAME_TRAIN and NAME_TEST as .ts, .tsv, .arff, .txt or .csv. Without it, the built-in data sets.",
    };

    public static Option<string[]> Datasets()
    {
        var option = List("--datasets", "A,B|all", "Data sets to use, separated by commas.");
        option.DefaultValueFactory = _ => ["all"];
        return option;
    }

    /// <summary>Names separated by commas or blanks.</summary>
    public static Option<string[]> List(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result =>
        {
            string[] names = [.. result.Tokens.SelectMany(
                token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
            if (names.Length == 0) result.AddError($"{name}: expected one or more names, found none.");
            return names;
        },
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<string?> OneDataset(string description) => new("--dataset") { HelpName = "NAME", Description = description };

    public static Option<string> Scenarios() => new("--scenarios")
    {
        HelpName = "PRESET|FILE",
        Description = $"Scenarios: a preset ({string.Join(", ", ScenarioPresets.Names)}), or a grid file (see docs/grid.schema.json).",
        DefaultValueFactory = _ => "quick",
    };

    public static Option<string?> Scenario() => new("--scenario")
    {
        HelpName = "NAME",
        Description = "Which scenario of the preset or grid; the first one where none is named.",
    };

    public static Option<string?> Checkpoint(string description) => new("--checkpoint") { HelpName = "DIR", Description = description };

    /// <summary>Refuses options that would have no effect beside another one.</summary>
    public static void RefuseBeside(Command command, Option deciding, params Option[] others) => command.Validators.Add(result =>
    {
        if (result.GetResult(deciding) is not { Implicit: false }) return;
        foreach (var other in others.Where(option => result.GetResult(option) is { Implicit: false }))
            result.AddError($"{other.Name} has no effect beside {deciding.Name}, which decides it; leave one of them out.");
    });

    /// <summary>Refuses options that have no effect without another one.</summary>
    public static void RefuseWithout(Command command, Option deciding, params Option[] others) => command.Validators.Add(result =>
    {
        if (result.GetResult(deciding) is { Implicit: false }) return;
        foreach (var other in others.Where(option => result.GetResult(option) is { Implicit: false }))
            result.AddError($"{other.Name} has no effect without {deciding.Name}; add it, or leave {other.Name} out.");
    });

    public static Option<string?> Server() => new("--server")
    {
        HelpName = "URL",
        Description = "Lets the services of this server do the work, with the same output here. Ctrl-C leaves the experiment running there.",
    };

    public static Option<string?> ApiKey() =>
        new("--api-key") { HelpName = "KEY", Description = "The server's key; better in TSVLM_API_KEY, which no list of processes shows." };

    public static Option<string?> Cancel() =>
        new("--cancel") { HelpName = "ID", Description = "Ends that experiment of the server instead of running one." };

    public static Option<string> Model() => new("--model")
    {
        HelpName = "tiny|DIR",
        Description = "The model to fine-tune: the embedded tiny one, or a LLaVA folder in Hugging Face's form.",
        DefaultValueFactory = _ => "tiny",
    };

    public static Option<string?> Rationales() => new("--rationales")
    {
        HelpName = "FILE",
        Description = "Rationales to learn from, as tsvlm rationales writes them, in place of the scenarios' own source.",
    };

    public static Option<bool> RawCsv() => new("--raw-csv")
    {
        Description = "Writes texts in CSV files as they are, for programs that read them. Without it, a text that a spreadsheet would run as a\n"
            + "formula (it begins with = + - @ and is no number) gets an apostrophe before it.",
    };

    public static Option<string> Device() => new("--device")
    {
        HelpName = "cpu|cuda|cuda:N|auto",
        Description = "Where the model is computed; auto is the first NVIDIA GPU where there is one that this build can use.",
        DefaultValueFactory = _ => "auto",
    };

    public static Option<int?> Parallel()
    {
        var option = new Option<int?>("--parallel")
        {
            HelpName = "N",
            Description = "Runs at the same time, which share the cores evenly. Default: one per core for the embedded model on the CPU, "
                + "else 1. Equal weights, bit for bit, need an equal number of threads per run.",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var number) || number is < 1 or > MaxParallel))
                result.AddError($"--parallel: expected a whole number from 1 to {MaxParallel}, found '{token.Value}'.");
        });
        return option;
    }

    public static Option<string> Protocol()
    {
        var option = new Option<string>("--protocol")
        {
            Description = "How the data is split: the archive's own split, or the paper's 80-10-10 over the pooled cases.",
            DefaultValueFactory = _ => "official",
        };
        option.AcceptOnlyFromAmong("official", "80-10-10");
        return option;
    }

    public static Option<int[]> Resamples() => new("--resamples")
    {
        HelpName = "0..4",
        Description = "Resamples of the split, as a number, a list (0,2) or a range (0..4). 0 is the archive's own split.",
        DefaultValueFactory = _ => [0],
        CustomParser = result => ParseNumbers("--resamples", result),
    };

    public static Option<int[]> Seeds() => new("--seed")
    {
        HelpName = "0..4",
        Description = "Seeds of the weights, the order of the samples, dropout, and what a baseline draws at random; as a number, a list or a range.",
        DefaultValueFactory = _ => [0],
        CustomParser = result => ParseNumbers("--seed", result),
    };

    /// <summary>An option that takes a scenario's setting, written as in a grid file.</summary>
    public static Option<T?> Setting<T>(string name, string helpName, string description) where T : struct, Enum => new(name)
    {
        HelpName = helpName,
        Description = $"{description}: {Names<T>()}.",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            foreach (var value in Enum.GetValues<T>())
                if (Name(value) == text) return value;
            result.AddError($"{name}: expected one of {Names<T>()}, found '{text}'.");
            return null;
        },
    };

    /// <summary>A setting as it is written in a grid file.</summary>
    public static string Name<T>(T value) where T : struct, Enum => JsonSerializer.Serialize(value, ContractJson.Compact).Trim('"');

    private static string Names<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Name));

    private static int[]? ParseNumbers(string option, ArgumentResult result)
    {
        var numbers = new List<int>();
        foreach (var part in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            var bounds = part.Split("..");
            if (bounds.Length <= 2 && TryParse(bounds[0], out var first) && TryParse(bounds[^1], out var last) && first <= last
                && last - first < 1000)
            {
                numbers.AddRange(Enumerable.Range(first, last - first + 1));
            }
            else
            {
                result.AddError($"{option}: expected numbers such as 0, 0,2 or 0..4, found '{part}'.");
                return null;
            }
        }
        return [.. numbers.Distinct()];

        static bool TryParse(string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
