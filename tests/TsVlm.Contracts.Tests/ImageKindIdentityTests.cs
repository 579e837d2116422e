namespace TsVlm.Contracts.Tests;

/// <summary>Hashes taken before there were image kinds: what was made then is found under the same keys.</summary>
public class ImageKindIdentityTests
{
    private static readonly RunSpec Run = new()
    {
        Dataset = new("A", new string('d', 64)),
        Split = new("official", 0),
        Seed = 0,
        FineTuned = new(new Scenario { Name = "both" }, new("tiny", "tiny", "m")),
    };

    [Fact]
    public void A_scenario_with_line_plots_keeps_its_content_hash()
    {
        Assert.Equal("07a9f1e585913b985d2d72ac5ebef054cdaeba42ef332d5a4e33507387e0f8ae", new Scenario { Name = "a" }.ContentHash);
        Assert.Equal("47d643e85bf0993d3bc730cf6061ab37b5657a9d1897e738017cc5e6bbd00bda", new Scenario
        {
            Name = "a", Representation = new() { Arm = Arm.Image, ChannelLayout = ChannelLayout.SmallMultiples, ContextLength = 512 },
        }.ContentHash);
    }

    [Fact]
    public void A_run_with_line_plots_keeps_the_keys_of_its_artifacts()
    {
        // Samples are of version 3, in which each channel of a zoom mosaic has an image of its own.
        Assert.Equal("0d4aa0f04740398957452fdd91163149ddd6fde77f47b76d77e397f9d3c16c84", ArtifactKeys.Samples(Run).Hash);
        // Checkpoints are of version 6: of 4 on, weights are rounded otherwise, of 5 on they hold the temperature of their
        // probabilities, and of 6 on the first step learns and a probe
        // weighs its kinds of features.
        Assert.Equal("acc48002598f4406c2db5ba98a23f582e9f5020b61ca0b90dd9aa57bea33fc9f", ArtifactKeys.Checkpoint(Run).Hash);
        // Evaluations are of version 4: of 3 on, their files say metrics and generated answers, and of 4 on a probe's scores do not depend on
        // what is scored beside them.
        Assert.Equal("3135f75294e4d0501bfb968f83c6ba0ca5d6ab3eab34a55a9cf688d03a861e70", ArtifactKeys.Evaluation(Run).Hash);
    }
}
