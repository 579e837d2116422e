using System.Diagnostics;
using System.Globalization;

namespace TsVlm.Artifacts;

/// <summary>
/// Measures one stage: wall-clock time, and peak memory of the process from its creation to its disposal, that of stages at the same time
/// included.
/// </summary>
public sealed class StageMeter : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly List<StageMeter> Running = [];   // the system has one high-water mark for all of them
    private readonly TimeProvider clock;
    private readonly long started;
    private double peakBeforeReset;

    /// <summary>Starts to measure.</summary>
    public StageMeter(TimeProvider clock)
    {
        this.clock = clock;
        started = clock.GetTimestamp();
        lock (Gate)
        {
            if (Running.Count > 0)
            {
                var peak = PeakRssMb();
                foreach (var other in Running) other.peakBeforeReset = Math.Max(other.peakBeforeReset, peak);
            }
            ResetPeak();
            Running.Add(this);
        }
    }

    /// <summary>Wall-clock time so far.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(started);

    /// <summary>The facts so far.</summary>
    public StageFacts Facts(long numSamples, int numThreads, string device = "cpu")
    {
        lock (Gate)
        {
            return new()
            {
                Seconds = Elapsed.TotalSeconds,
                NumSamples = numSamples,
                PeakRssMb = Math.Max(peakBeforeReset, PeakRssMb()),
                NumThreads = numThreads,
                Device = device,
            };
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (Gate) Running.Remove(this);
    }

    /// <summary>
    /// Linux forgets the high-water mark when 5 is written to clear_refs (proc(5)); elsewhere the mark is the process's since its start.
    /// </summary>
    private static void ResetPeak()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (UnauthorizedAccessException)
        {
            // A read-only /proc: the peak is then the process's since its start, an upper bound.
        }
    }

    private static double PeakRssMb()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / 1e6;
        }
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return double.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
