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
        // Checkpoints are of version 6: of 4 on, weights are rounded otherwise, of 5 on they hold the temperature of their
        // probabilities, and of 6 on the first step learns.
        Assert.Equal("8555afdb1407b31174164ee7f8d850aa64837e6491e397b0de1a435253f895eb", ArtifactKeys.Checkpoint(Run).Hash);
        // Evaluations are of version 3, in which their files say metrics and generated answers.
        Assert.Equal("1526a9db7f574b1d510e9f33c5f22945e34bcf535d8354db3450513a431004c5", ArtifactKeys.Evaluation(Run).Hash);
    }
}
