using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using OpenTelemetry.Metrics;

namespace TsVlm.Telemetry;

/// <summary>
/// What the machine says of memory: this process's, and the GPUs' as the driver's own tool tells it. A machine without GPUs has no such
/// metrics.
/// </summary>
internal static class MachineMetrics
{
    private const int MaxMilliseconds = 5000;
    private static readonly Meter Meter = new(TelemetryNames.Source);
    private static bool hasGpus = true;

    /// <summary>Observes memory whenever metrics are sent.</summary>
    public static MeterProviderBuilder AddMachineMetrics(this MeterProviderBuilder metrics)
    {
        Meter.CreateObservableUpDownCounter("process.memory.usage", OfProcess, "By", "Physical memory that the process uses.");
        Meter.CreateObservableUpDownCounter("hw.gpu.memory.usage", OfGpus, "By", "Memory of the GPU that is in use, by all processes.");
        return metrics.AddMeter(TelemetryNames.Source);
    }

    /// <summary>The lines of the tool, "INDEX, MEBIBYTES", as metrics; a line that is no such pair is left out.</summary>
    internal static IEnumerable<Measurement<long>> ReadGpus(string answer) =>
        from line in answer.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        let parts = line.Split(',', StringSplitOptions.TrimEntries)
        where parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)
        select new Measurement<long>(long.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) << 20,
            new KeyValuePair<string, object?>("hw.id", parts[0]));

    private static long OfProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static IEnumerable<Measurement<long>> OfGpus()
    {
        if (!hasGpus) return [];
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("nvidia-smi", ["--query-gpu=index,memory.used", "--format=csv,noheader,nounits"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var answer = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(MaxMilliseconds))
                return process.ExitCode == 0 ? ReadGpus(answer.GetAwaiter().GetResult()).ToList() : [];
            process.Kill();
            return [];
        }
        catch (Win32Exception)
        {
            hasGpus = false;   // no such tool, so no such GPUs
            return [];
        }
    }
}
