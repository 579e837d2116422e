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
        Assert.Equal("d5c1dd82b62d2f3c953161a020fca58247197293e505a9cea7895910da20b8c8", ArtifactKeys.Samples(Run).Hash);
        // Checkpoints are of version 5: of 4 on, weights are rounded otherwise, and of 5 on they hold the temperature of their
        // probabilities.
        Assert.Equal("0d3ba948ec70188223f7b37c08338e36bd1892700628f4b6b79945c9e0110c8a", ArtifactKeys.Checkpoint(Run).Hash);
        // Evaluations are of version 3, in which their files say metrics and generated answers.
        Assert.Equal("7f5f880c9ef7f6c5941fa7fdaec2612024cbb3a9151f96b0a4999e140847e88b", ArtifactKeys.Evaluation(Run).Hash);
    }
}
