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
        Assert.Equal("8eb4a6586b91bdc20ad3e41364e340a54c04333abe57ae74991263add74d7fe4", ArtifactKeys.Checkpoint(Run).Hash);   // of version 3, whose weights are rounded otherwise
        Assert.Equal("636ac857d871c15c04d043146134fc01c94563fe1ee5ca2a8a4bbe04265b662b", ArtifactKeys.Evaluation(Run).Hash);
    }
}
