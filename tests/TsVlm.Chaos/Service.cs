using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using TsVlm.Tests;

namespace TsVlm.Chaos;

/// <summary>A service as a process that may end and be started again, always at the same address and with one log.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly string program;
    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly string? limits;
    private readonly StringBuilder log = new();
    private readonly string url = $"http://127.0.0.1:{TestServer.FreePorts()}";
    private Process? process;
    private TimeSpan processorTimeBefore;

    /// <param name="kind"><c>scenarios</c>, <c>datagen</c>, <c>trainer</c> or <c>evaluator</c>.</param>
    /// <param name="name">What it is called here.</param>
    /// <param name="settings">Its environment.</param>
    /// <param name="limits">Arguments of the shell's <c>ulimit</c>; null for none.</param>
    /// <param name="repository">The repository whose built service is started; null for this one.</param>
    public Service(string kind, string name, IReadOnlyDictionary<string, string> settings, string? limits = null, string? repository = null)
    {
        (Kind, Name, this.settings, this.limits) = (kind, name, settings, limits);
        program = Program(Path.Combine("services", kind), $"TsVlm.{char.ToUpperInvariant(kind[0])}{kind[1..]}.dll", repository);
        Http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
    }

    public string Kind { get; }

    public string Name { get; }

    public HttpClient Http { get; }

    public int Id => process!.Id;

    public bool IsRunning => process is { HasExited: false };

    /// <summary>How it ended; null while it runs.</summary>
    public int? ExitCode => process is { HasExited: true } ? process.ExitCode : null;

    /// <summary>The newest critical line of its log; null where there is none.</summary>
    public string? LastCritical => Log.Split('\n').LastOrDefault(line => line.Contains(" crit: ", StringComparison.Ordinal));

    public string Log
    {
        get
        {
            lock (log) return log.ToString();
        }
    }

    /// <summary>User and system time of all its processes so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            if (!IsRunning) return processorTimeBefore;
            process!.Refresh();
            return processorTimeBefore + process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory now.</summary>
    public double MemoryMb
    {
        get
        {
            process!.Refresh();
            return process.WorkingSet64 / 1e6;
        }
    }

    public void Start()
    {
        var start = limits is null
            ? new ProcessStartInfo("dotnet", [program])
            : new ProcessStartInfo("bash", ["-c", $"ulimit {limits}; exec dotnet '{program}'"]);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, Path.GetTempPath());
        foreach (var key in start.Environment.Keys.Where(key => key.Contains("__", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(key);
        start.Environment["ASPNETCORE_URLS"] = url;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (key, value) in settings) start.Environment[key] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public async Task WaitReady()
    {
        for (var turn = 0; turn < 600; turn++)
        {
            if (!IsRunning) throw new ChaosException($"{Name} ended: {Log}");
            try
            {
                using var answer = await Http.GetAsync(new Uri("/health", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }
            await Task.Delay(100);
        }
        throw new ChaosException($"{Name} was not ready within a minute: {Log}");
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public async Task Kill()
    {
        if (!IsRunning) return;
        processorTimeBefore = ProcessorTime;
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as an orchestrator does, and waits.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Stop(TimeSpan limit)
    {
        if (!IsRunning) return process!.ExitCode;
        processorTimeBefore = ProcessorTime;
        using (var kill = Process.Start("kill", ["-TERM", $"{process!.Id}"])) await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new ChaosException($"{Name} did not end within {limit.TotalSeconds} s of SIGTERM: {Log[^Math.Min(Log.Length, 4000)..]}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process?.Dispose();
        Http.Dispose();
    }

    /// <summary>A program's file below the output folder of its project, with or without a runtime's folder.</summary>
    public static string Program(string project, string file, string? repository = null)
    {
        var output = typeof(Service).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "OutputFolder").Value!;
        var folder = Path.Combine(repository ?? TestFolders.Repository, project, output);
        if (!Directory.Exists(folder)) throw new MissingServerException($"{folder}: expected {file}, found no folder. Build {project} first.");
        return Directory.GetFiles(folder, file, SearchOption.AllDirectories)
            .FirstOrDefault(path => File.Exists(Path.ChangeExtension(path, ".runtimeconfig.json")))
            ?? throw new MissingServerException($"{folder}: expected {file}, found none. Build {project} first.");
    }

    private void Append(string? line)
    {
        lock (log) log.AppendLine(line);
    }
}
