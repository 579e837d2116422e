using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.VisionLanguage.Planning;

/// <summary>How much memory a device has left.</summary>
public static class DeviceMemory
{
    private const string MemoryInfo = "/proc/meminfo";

    /// <summary>
    /// Bytes that can still be allocated; null where nobody says. On the CPU within the limits of the process's container.
    /// </summary>
    public static long? Available(ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device == ComputeDevice.Cpu ? OfThisMachine() : OfGpu(device);
    }

    private static long OfThisMachine()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (!File.Exists(MemoryInfo)) return limit;
        var line = File.ReadLines(MemoryInfo).FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is null ? limit : Math.Min(limit, 1024 * Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
    }

    // TorchSharp has no memory statistics of CUDA; the driver's own tool comes with every driver.
    private static long? OfGpu(ComputeDevice device)
    {
        var index = device.Name.Split(':')[1];
        var query = new ProcessStartInfo(
            "nvidia-smi", ["--query-gpu=memory.free", "--format=csv,noheader,nounits", $"--id={index}"]) { RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(query)!;
            var answer = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 && long.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes)
                ? mebibytes << 20 : null;
        }
        catch (Win32Exception)
        {
            return null;   // no such tool
        }
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
