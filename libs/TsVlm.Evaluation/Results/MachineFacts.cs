using System.Runtime.InteropServices;

namespace TsVlm.Evaluation.Results;

/// <summary>What machine this is; times and memory hold for it alone.</summary>
public static class MachineFacts
{
    /// <summary>Describes the machine of this process.</summary>
    public static MachineDescription Describe() => new(Environment.ProcessorCount, Processor(), RuntimeInformation.OSDescription);

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var model = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
