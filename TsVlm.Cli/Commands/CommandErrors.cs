using System.CommandLine;
using Spectre.Console;

namespace TsVlm.Cli;

/// <summary>What a command answers when it cannot do what was asked: one clear message and an exit code.</summary>
internal static class CommandErrors
{
    public const int Failed = 1;
    public const int Stopped = 130;

    /// <summary>Ctrl-C is answered by the commands themselves; they get the time to put their work away.</summary>
    public static InvocationConfiguration Configuration => new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(60) };

    /// <summary>Makes a command's action: errors made for people are shown as they are, others with their type.</summary>
    public static void Run(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) => command.SetAction(async (result, stop) =>
    {
        try
        {
            return await action(result, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("Stopped.");
            return Stopped;
        }
        catch (Exception error)
        {
            Show(IsForPeople(error) ? error.Message : $"Unexpected {error.GetType().Name}: {error.Message}\n{error.StackTrace}");
            return Failed;
        }
    });

    private static bool IsForPeople(Exception error) =>
        error.GetType().Namespace?.StartsWith("TsVlm", StringComparison.Ordinal) == true
        || error is IOException or InvalidDataException or UnauthorizedAccessException;

    private static void Show(string message)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Profile.Width = Math.Max(console.Profile.Width, 100);
        console.Write(new Text("error: ", new Style(Color.Red)));
        console.WriteLine(message);
    }
}
