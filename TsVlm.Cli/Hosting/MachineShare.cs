using TsVlm.Contracts;
using TsVlm.Experiments;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Planning;

namespace TsVlm.Cli.Hosting;

/// <summary>How the runs of an experiment share this machine.</summary>
/// <param name="RunsAtOnce">Runs at the same time.</param>
/// <param name="NumThreads">Threads of the tensor library for each.</param>
internal sealed record MachineShare(int RunsAtOnce, int NumThreads)
{
    // Several trainings of a small model gain more from several cores than one does (benchmarks/README.md, training step).
    private const long MaxWeightsOfSmall = 50_000_000;
    private const long BytesForRun = 1_000_000_000;   // of a small model, with its data

    /// <summary>As the report shows it: times depend on it.</summary>
    public ReportSetting Fact =>
        new("runs at the same time", $"{RunsAtOnce}, with {NumThreads} {(NumThreads == 1 ? "thread" : "threads")} each");

    /// <summary>Where runs come and go: one a core on the CPU, as far as there is memory; one on a GPU.</summary>
    public static MachineShare Of(ComputeDevice device, int? wanted, int numCores)
    {
        if (wanted is { } number) return new(number, Math.Max(1, numCores / number));
        if (device != ComputeDevice.Cpu) return new(1, numCores);
        return new((int)Math.Clamp((DeviceMemory.Available(device) ?? long.MaxValue) / BytesForRun, 1, numCores), 1);
    }

    /// <summary>
    /// One run a core for a small model on the CPU, as far as there are runs and memory; otherwise one run on all cores. The threads do not
    /// depend on how much of the experiment is done already, so that a continued run reaches the same bits.
    /// </summary>
    /// <param name="request">The experiment.</param>
    /// <param name="numScenarios">Its scenarios.</param>
    /// <param name="model">Sizes of the model.</param>
    /// <param name="device">Where it is computed.</param>
    /// <param name="wanted">Runs at the same time that the user asks for; null for none.</param>
    /// <param name="numCores">Cores of the machine.</param>
    public static MachineShare Of(ExperimentRequest request, int numScenarios, LlavaConfig model, ComputeDevice device, int? wanted,
        int numCores)
    {
        if (wanted is { } number) return new(number, Math.Max(1, numCores / number));
        if (device != ComputeDevice.Cpu || model.NumParameters > MaxWeightsOfSmall) return new(1, numCores);
        var numOfDataset = request.Resamples.Count * Math.Max(numScenarios * request.Seeds.Count, request.Grid.Baselines.Count);
        var numRuns = numOfDataset * new DatasetCatalog(request.DataDirectory).Select(request.Datasets).Count;
        var atOnce = Math.Clamp(numRuns, 1, numCores);
        var fitting = (int)Math.Clamp((DeviceMemory.Available(device) ?? long.MaxValue) / BytesForRun, 1, atOnce);
        return new(fitting, numCores / atOnce);
    }
}
