using System.Reflection;
using Spectre.Console;

namespace TsVlm.EndToEnd.Tests;

/// <summary>The program's commands in this process: the same entry point as the program's own, with the console captured.</summary>
internal static class Cli
{
    private static readonly MethodInfo Main = Assembly.Load("tsvlm").EntryPoint!;

    /// <summary>Folder of the model that comes with the program.</summary>
    public static string EmbeddedModel => Path.Combine(Path.GetDirectoryName(Main.DeclaringType!.Assembly.Location)!, "models", "tiny");

    /// <summary>Runs a command to its end in a working folder.</summary>
    public static async Task<CliResult> Run(string workingFolder, params string[] arguments)
    {
        var (console, output, error, folder) = (AnsiConsole.Console, Console.Out, Console.Error, Environment.CurrentDirectory);
        using var newOutput = new StringWriter();
        using var newError = new StringWriter();
        try
        {
            Console.SetOut(newOutput);
            Console.SetError(newError);
            Environment.CurrentDirectory = workingFolder;
            AnsiConsole.Console = RedirectedConsole(Console.Out);
            var exitCode = (int)(await Task.Run(() => Main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)))!;
            return new(exitCode, newOutput.ToString(), newError.ToString());
        }
        finally
        {
            AnsiConsole.Console = console;
            Console.SetOut(output);
            Console.SetError(error);
            Environment.CurrentDirectory = folder;
        }
    }

    /// <summary>What the program has where its output goes to a file.</summary>
    private static IAnsiConsole RedirectedConsole(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 140;
        return console;
    }
}
