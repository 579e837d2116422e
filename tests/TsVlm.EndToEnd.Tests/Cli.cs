using System.Diagnostics;
using System.Reflection;

namespace TsVlm.EndToEnd.Tests;

/// <summary>The program as a user starts it, in a process of its own.</summary>
internal sealed class Cli : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private Cli(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    private static string Assembly { get; } = Directory.GetFiles(
        typeof(Cli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "CliFolder").Value!, "tsvlm.dll", SearchOption.AllDirectories).Single();

    /// <summary>Folder of the model that comes with the program.</summary>
    public static string EmbeddedModel => Path.Combine(Path.GetDirectoryName(Assembly)!, "models", "tiny");

    /// <summary>Starts a command.</summary>
    public static Cli Start(string workingFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CliResult> Run(string workingFolder, params string[] arguments)
    {
        using var cli = Start(workingFolder, arguments);
        return await cli.End();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<CliResult> End()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
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
}

/// <summary>What a command answered.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error);
