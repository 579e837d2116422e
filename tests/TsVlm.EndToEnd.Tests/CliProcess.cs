using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace TsVlm.EndToEnd.Tests;

/// <summary>
/// The program as a user starts it, in a process of its own; for what only a process has: an exit code, Ctrl-C, sudden death.
/// </summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = [];
    private readonly ConcurrentQueue<string> error = [];

    private CliProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private static string Program { get; } = Directory.GetFiles(
        typeof(CliProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "CliFolder").Value!, "tsvlm.dll", SearchOption.AllDirectories).Single();

    /// <summary>
    /// Starts a command. A process that was started with SIGINT ignored (nohup, a script's background) hands that to its children:
    /// <c>env</c> gives the signal its default action back.
    /// </summary>
    public static CliProcess Start(string workingFolder, params string[] arguments) => new(new Process
    {
        StartInfo = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Program, .. arguments])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        },
    });

    /// <summary>The lines that the command has written to standard output so far.</summary>
    public IReadOnlyList<string> Output => [.. output];

    /// <summary>Waits until the command has written a text to standard output.</summary>
    public Task WaitForOutput(string text) => WaitFor(output, text);

    /// <summary>Waits until the command has written a text to standard error.</summary>
    public Task WaitForError(string text) => WaitFor(error, text);

    /// <summary>Waits for the end.</summary>
    public async Task<CliResult> End()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, string.Join('\n', output), string.Join('\n', error));
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>The process is gone at once, as in a crash.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private async Task WaitFor(ConcurrentQueue<string> lines, string text)
    {
        while (!lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            Assert.False(process.HasExited, $"The command ended before it wrote '{text}': {string.Join('\n', error)}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }
}
