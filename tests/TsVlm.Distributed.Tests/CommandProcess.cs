using System.Diagnostics;
using System.Text;

namespace TsVlm.Distributed.Tests;

/// <summary>The command line as a process, beside services that run.</summary>
internal sealed class CommandProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    public CommandProcess(string workingFolder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
        : this(ServiceProcess.Program("TsVlm.Cli", "tsvlm.dll"), workingFolder, arguments, environment)
    {
    }

    private CommandProcess(string program, string workingFolder, string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        // Where this process was started with SIGINT ignored (nohup, a script's background), its child would ignore it too.
        var start = new ProcessStartInfo(
            "env", ["--default-signal=INT", "dotnet", program, .. arguments])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The client in the scenarios service's program, as the pod of helm test starts it.</summary>
    public static CommandProcess SmokeTest(IReadOnlyDictionary<string, string> environment) =>
        new(ServiceProcess.Program("services/scenarios", "TsVlm.Scenarios.dll"), Path.GetTempPath(), ["smoke-test"], environment);

    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    public async Task<int> Ended()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(120));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private void Append(string? line)
    {
        lock (output) output.AppendLine(line);
    }
}
