using System.Globalization;

namespace TsVlm.Chaos.Api;

/// <summary>Resident memory of a process as /proc/PID/status has it: now, and the most since it began, in MB of 10^6 bytes.</summary>
internal readonly record struct ProcessMemory(double ResidentMb, double PeakMb)
{
    public static async Task<ProcessMemory> Of(int processId) => Parse(await File.ReadAllTextAsync($"/proc/{processId}/status"));

    internal static ProcessMemory Parse(string status) => new(Megabytes(status, "VmRSS"), Megabytes(status, "VmHWM"));

    private static double Megabytes(string status, string name)
    {
        var line = status.Split('\n').FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.Ordinal))
            ?? throw new ChaosException($"/proc/PID/status: expected a line {name}, found none. The process has ended.");
        return long.Parse(line[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture)
            * 1024 / 1e6;
    }
}
