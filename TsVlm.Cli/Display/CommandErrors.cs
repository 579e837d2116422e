using System.CommandLine;
using Spectre.Console;
using TsVlm.Contracts;
using TsVlm.Messaging;

namespace TsVlm.Cli.Display;

/// <summary>What a command answers when it cannot do what was asked: one clear message and an exit code.</summary>
internal static class CommandErrors
{
    public const int Failed = 1;
    public const int Stopped = 130;

    /// <summary>Ctrl-C is answered by the commands themselves; they get the time to put their work away.</summary>
    public static InvocationConfiguration Configuration =>
        new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(60) };

    /// <summary>Makes a command's action: errors made for people are shown as they are, others with their type.</summary>
    public static void Run(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (result, cancellationToken) =>
    {
        try
        {
            return await action(result, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.Error.WriteLine("Stopped.");
            return Stopped;
        }
        catch (Exception error)
        {
            Show(Describe(error));
            return Failed;
        }
    });

    /// <summary>What people read of an error.</summary>
    public static string Describe(Exception error)
    {
        if (error is IUserFacingError) return error.Message;
        if (Failures.DiskFullCause(error) is { } full)
            return $"{full.Message.Trim()} Expected room on the disk to write to, found none. Free some space, then run the same command again.";
        return error is IOException or InvalidDataException or UnauthorizedAccessException
            ? error.Message
            : $"Unexpected {error.GetType().Name}: {error.Message}\n{error.StackTrace}";
    }

    /// <summary>The text without control characters, which a file's bytes may have brought into it and a terminal would obey.</summary>
    public static string Printable(string text) => text.Any(IsControl)
        ? string.Concat(text.Select(c => IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()))
        : text;

    private static bool IsControl(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');

    /// <summary>Never broken into lines of the terminal's width: a search in a log finds the whole sentence.</summary>
    private static void Show(string message)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Write(new Text("error: ", new Style(Color.Red)));
        Console.Error.WriteLine(Printable(message));
    }
}
