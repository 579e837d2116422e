using TsVlm.Cli.Hosting;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Cli.Tests.Hosting;

public sealed class MachineShareTests
{
    private static readonly LlavaConfig Tiny = LlavaConfig.Read(ModelFolder.Open("tiny").Path);
    private static readonly ExperimentRequest OneDataset = new() { Grid = ScenarioPresets.Open("quick"), Datasets = ["CBF"] };

    [Theory]
    [InlineData(1, 2, 1, 2)]   // a single run has all cores
    [InlineData(4, 2, 2, 1)]
    [InlineData(3, 8, 3, 2)]
    [InlineData(4, 1, 1, 1)]
    public void Runs_of_a_small_model_share_the_cores_evenly(int numScenarios, int numCores, int runsAtOnce, int numThreads)
    {
        var request = OneDataset with { Grid = OneDataset.Grid with { Baselines = [] } };

        Assert.Equal(new MachineShare(runsAtOnce, numThreads), MachineShare.Of(request, numScenarios, Tiny, ComputeDevice.Cpu, null, numCores));
    }

    [Fact]
    public void Seeds_resamples_and_data_sets_count_as_runs()
    {
        var request = OneDataset with { Datasets = [], Seeds = [0, 1], Resamples = [0, 1, 2] };

        Assert.Equal(8, MachineShare.Of(request, 1, Tiny, ComputeDevice.Cpu, null, 8).RunsAtOnce);
        Assert.Equal(1, MachineShare.Of(request, 1, Tiny, ComputeDevice.Cpu, null, 8).NumThreads);
    }

    [Fact]
    public void A_large_model_has_all_cores_to_itself()
    {
        var large = Tiny with { Text = Tiny.Text with { NumLayers = 100 } };

        Assert.Equal(new MachineShare(1, 8), MachineShare.Of(OneDataset, 4, large, ComputeDevice.Cpu, null, 8));
    }

    [Fact]
    public void The_users_number_decides()
    {
        Assert.Equal(new MachineShare(3, 2), MachineShare.Of(OneDataset, 4, Tiny, ComputeDevice.Cpu, 3, 8));
        Assert.Equal(new MachineShare(4, 1), MachineShare.Of(OneDataset, 4, Tiny, ComputeDevice.Cpu, 4, 2));
    }
}
