using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>A service as a process of its own.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder log = new();
    private readonly HttpClient http;

    private ServiceProcess(Process process, string url)
    {
        this.process = process;
        http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static string OutputFolder { get; } = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "OutputFolder").Value!;

    public int Id => process.Id;

    public HttpClient Http => http;

    public string Log
    {
        get
        {
            lock (log) return log.ToString();
        }
    }

    /// <summary>
    /// Starts <c>scenarios</c>, <c>datagen</c>, <c>trainer</c> or <c>evaluator</c> on a free port, with these settings and no others.
    /// </summary>
    public static ServiceProcess Start(string name, IReadOnlyDictionary<string, string> settings)
    {
        var url = $"http://127.0.0.1:{TestServer.FreePorts()}";
        var start = new ProcessStartInfo(
            "dotnet", [Program(Path.Combine("services", name), $"TsVlm.{char.ToUpperInvariant(name[0])}{name[1..]}.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var key in start.Environment.Keys.Where(key => key.Contains("__", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(key);
        start.Environment["ASPNETCORE_URLS"] = url;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (key, value) in settings) start.Environment[key] = value;
        return new(Process.Start(start)!, url);
    }

    /// <summary>
    /// A program's file below the output folder of its project, with or without a runtime's folder; <c>TSVLM_SERVICES</c> names another
    /// repository whose built services are meant.
    /// </summary>
    public static string Program(string project, string file) =>
        Directory.GetFiles(
                Path.Combine(Environment.GetEnvironmentVariable("TSVLM_SERVICES") ?? TestFolders.Repository, project, OutputFolder), file,
                SearchOption.AllDirectories)
            .First(path => File.Exists(Path.ChangeExtension(path, ".runtimeconfig.json")));

    public async Task<HttpStatusCode?> Health(string path = "/health")
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public async Task WaitReady(HttpStatusCode expected = HttpStatusCode.OK) =>
        await Wait.Until(async () => process.HasExited
            ? throw new InvalidOperationException($"The service ended: {Log}") : await Health() == expected, () => Log);

    /// <summary>Asks it to stop, as an orchestrator does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Ends it at once.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async Task<int> Ended(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await Kill();
        process.Dispose();
        http.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private void Append(string? line)
    {
        lock (log) log.AppendLine(line);
    }
}

internal static class Wait
{
    public static async Task Until(Func<Task<bool>> condition, Func<string> explain, double seconds = 60)
    {
        var started = Stopwatch.StartNew();
        while (!await condition())
        {
            if (started.Elapsed.TotalSeconds > seconds) Assert.Fail($"Not within {seconds} s. {explain()}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
