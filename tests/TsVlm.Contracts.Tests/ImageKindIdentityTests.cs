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
        Assert.Equal("4bcec82f1e858b4b0edc0a329f4aaac71d3893ac1030e34f95fd2eae778450c2", ArtifactKeys.Checkpoint(Run).Hash);   // of version 4, whose weights are rounded otherwise
        Assert.Equal("09e6e6da9d626d3136bd6a22c122971bab176f72687e72158f73d9d1c26e6bed", ArtifactKeys.Evaluation(Run).Hash);
    }
}
