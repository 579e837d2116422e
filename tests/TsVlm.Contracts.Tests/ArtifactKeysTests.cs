namespace TsVlm.Contracts.Tests;

public class ArtifactKeysTests
{
    private static readonly RunSpec Run = new()
    {
        Dataset = new("A", new string('d', 64)),
        Split = new("official", 0),
        Seed = 0,
        FineTuned = new(new Scenario { Name = "both" }, new("tiny", "tiny", "m")),
    };

    [Theory]
    [InlineData("samples/ab/abcd", ArtifactKind.Samples, "abcd")]
    [InlineData("evaluation/ab/abcd", ArtifactKind.Evaluation, "abcd")]
    public void A_path_leads_back_to_its_key(string path, ArtifactKind kind, string hash) =>
        Assert.Equal(new ArtifactKey(kind, hash), ArtifactKey.ParsePath(path));

    [Theory]
    [InlineData("")]
    [InlineData("work/ab/abcd")]
    [InlineData("Samples/ab/abcd")]
    [InlineData("samples/ac/abcd")]
    [InlineData("samples/ab")]
    [InlineData("samples/a/a")]
    [InlineData("samples/ab/abcd/manifest.json")]
    public void Another_path_is_no_key(string path) => Assert.Null(ArtifactKey.ParsePath(path));

    [Fact]
    public void Runs_that_differ_in_recipe_or_seed_share_their_samples()
    {
        Assert.Equal(ArtifactKeys.Samples(Run), ArtifactKeys.Samples(Run with { Seed = 1 }));
        Assert.Equal(ArtifactKeys.Samples(Run), ArtifactKeys.Samples(With(s => s with { Recipe = s.Recipe with { Epochs = 9 } })));
        Assert.NotEqual(ArtifactKeys.Checkpoint(Run), ArtifactKeys.Checkpoint(Run with { Seed = 1 }));
        Assert.NotEqual(ArtifactKeys.Checkpoint(Run), ArtifactKeys.Checkpoint(With(s => s with { Recipe = s.Recipe with { Epochs = 9 } })));
    }

    [Fact]
    public void All_that_determines_the_samples_changes_their_key()
    {
        var key = ArtifactKeys.Samples(Run);
        Assert.NotEqual(key, ArtifactKeys.Samples(Run with { Dataset = new("A", new string('e', 64)) }));
        Assert.NotEqual(key, ArtifactKeys.Samples(Run with { Split = new("official", 1) }));
        Assert.NotEqual(key, ArtifactKeys.Samples(Run with { Split = new("80-10-10", 0) }));
        Assert.NotEqual(key, ArtifactKeys.Samples(With(s => s with { Representation = s.Representation with { Arm = Arm.BlankImage } })));
        Assert.NotEqual(key, ArtifactKeys.Samples(Run with { FineTuned = Run.FineTuned! with { Model = new("tiny", "tiny", "other") } }));
    }

    [Fact]
    public void A_key_does_not_depend_on_the_scenarios_name_or_the_models_place()
    {
        var moved = Run with { FineTuned = new(new Scenario { Name = "renamed" }, new("tiny", "/elsewhere", "m")) };
        Assert.Equal(ArtifactKeys.Checkpoint(Run), ArtifactKeys.Checkpoint(moved));
        Assert.Equal(ArtifactKeys.Evaluation(Run), ArtifactKeys.Evaluation(moved));
    }

    [Fact]
    public void A_baseline_has_an_evaluation_but_no_samples()
    {
        var baseline = Run with { FineTuned = null, Baseline = BaselineNames.Dtw };
        Assert.Equal(ArtifactKind.Evaluation, ArtifactKeys.Evaluation(baseline).Kind);
        Assert.Throws<ArgumentException>(() => ArtifactKeys.Samples(baseline));
    }

    [Fact]
    public void The_seed_enters_the_key_of_a_baseline_that_draws_at_random_only()
    {
        var neighbour = Run with { FineTuned = null, Baseline = BaselineNames.Dtw };
        var rocket = neighbour with { Baseline = BaselineNames.MiniRocket };
        Assert.Equal(ArtifactKeys.Evaluation(neighbour), ArtifactKeys.Evaluation(neighbour with { Seed = 1 }));
        Assert.NotEqual(ArtifactKeys.Evaluation(rocket), ArtifactKeys.Evaluation(rocket with { Seed = 1 }));
        Assert.NotEqual(ArtifactKeys.Evaluation(rocket), ArtifactKeys.Evaluation(rocket with { Split = new("official", 1) }));
    }

    [Fact]
    public void The_epochs_of_inceptiontime_are_part_of_its_key_and_so_is_the_seed()
    {
        var published = Run with { FineTuned = null, Baseline = BaselineNames.InceptionTime };
        var shorter = published with { Baseline = "inceptiontime:300" };
        Assert.NotEqual(ArtifactKeys.Evaluation(published), ArtifactKeys.Evaluation(shorter));
        Assert.NotEqual(ArtifactKeys.Evaluation(published), ArtifactKeys.Evaluation(published with { Seed = 1 }));
        Assert.NotEqual(ArtifactKeys.Evaluation(shorter), ArtifactKeys.Evaluation(shorter with { Seed = 1 }));
    }

    [Fact]
    public void The_id_of_a_run_is_a_folder_name_and_does_not_depend_on_where_its_model_lies()
    {
        var odd = Run with { Dataset = new("a/b \"c\"", new string('d', 64)) };
        Assert.Matches("^[A-Za-z0-9._-]+$", odd.Id);
        Assert.Equal(Run.Id, (Run with { FineTuned = Run.FineTuned! with { Model = new("tiny", "/elsewhere", "m") } }).Id);
        Assert.NotEqual(Run.Id, (Run with { Seed = 1 }).Id);
    }

    private static RunSpec With(Func<Scenario, Scenario> change) =>
        Run with { FineTuned = Run.FineTuned! with { Scenario = change(Run.FineTuned.Scenario) } };
}
