using System.Runtime.InteropServices;

namespace TsVlm.Evaluator;

/// <summary>What machine this is; times and memory hold for it alone.</summary>
internal static class MachineFacts
{
    public static MachineDescription Describe() => new(Environment.ProcessorCount, Processor(), RuntimeInformation.OSDescription);

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var model = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
