using TsVlm.Baselines;
using TsVlm.Contracts;
using TsVlm.Experiments.Grid;

namespace TsVlm.Services.Tests.Scenarios;

public class GridExpansionTests
{
    [Fact]
    public void The_preset_paper_holds_the_six_scenarios_by_name()
    {
        var scenarios = GridExpansion.Of(ScenarioPresets.Open("paper")).Scenarios;
        Assert.Equal(
            ["BASELINE_2048", "BASELINE_4096", "WITH_STATS_2048", "WITH_STATS_4096", "BASELINE_2048_adaptive_ds",
            "BASELINE_2048_adaptive_ds_plot_ds"],
            scenarios.Select(s => s.Name));
        Assert.All(scenarios,
            s => Assert.Equal(new Recipe { Precision = Precision.BFloat16, GroupByLength = true, GradientCheckpointing = true }, s.Recipe));
        Assert.Equal(4096, scenarios[1].Representation.ContextLength);
        Assert.Equal(PlotSource.Downsampled, scenarios[5].Representation.PlotFrom);
    }

    /// <summary>arXiv 2412.17304, section 4, and LLaVA's own finetune_task_lora.sh for what the paper leaves to it.</summary>
    [Fact]
    public void The_preset_paper_trains_by_the_papers_recipe()
    {
        var recipe = GridExpansion.Of(ScenarioPresets.Open("paper")).Scenarios[0].Recipe;
        Assert.Equal((TrainedPart.Lora, 128, 256.0, 0.05), (recipe.Trained, recipe.Lora.Rank, recipe.Lora.Alpha, recipe.Lora.Dropout));
        Assert.Equal((2e-4, 2e-5, 0.03, 0.0), (recipe.LearningRate, recipe.ProjectorLearningRate, recipe.WarmupRatio, recipe.WeightDecay));
        Assert.Equal((Precision.BFloat16, true, true), (recipe.Precision, recipe.GroupByLength, recipe.GradientCheckpointing));
        Assert.Equal((4, 4, 2.0), (recipe.MicroBatchSize, recipe.GradientAccumulation, recipe.Epochs));
    }

    [Fact]
    public void Every_combination_is_told_while_a_grid_is_expanded()
    {
        var told = new List<int>();
        var expansion = GridExpansion.Of(ScenarioPresets.Open("ablation"), told.Add);
        Assert.Equal(Enumerable.Range(1, expansion.Scenarios.Count + expansion.NumMerged), told);
    }

    public static TheoryData<string> Presets => new(ScenarioPresets.Names);

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_preset_expands_to_scenarios_within_bounds(string name) =>
        Assert.All(GridExpansion.Of(ScenarioPresets.Open(name)).Scenarios, s => Assert.Empty(ScenarioBounds.Problems(s)));

    [Fact]
    public void The_preset_images_shows_every_kind_alone_with_the_recipe_of_quick_but_for_the_passes_that_random_weights_need()
    {
        var scenarios = GridExpansion.Of(ScenarioPresets.Open("images")).Scenarios;
        Assert.Equal(Enum.GetValues<ImageKind>(), scenarios.Select(s => s.Representation.Image).Distinct());
        Assert.All(scenarios, s => Assert.Equal(Arm.Image, s.Representation.Arm));
        var quick = GridExpansion.Of(ScenarioPresets.Open("quick")).Choose("both").Recipe;
        Assert.All(scenarios, s => Assert.Equal(quick with { FromScratch = true, Epochs = 4, MicroBatchSize = 4 }, s.Recipe));
    }

    [Fact]
    public void Axes_are_combined_with_every_scenario()
    {
        var names = Expand("""{"name":"g","scenarios":[{"name":"a"},{"name":"b"}],"axes":{"recipe.epochs":[1,2],"representation.contextLength":[512,1024]}}""")
            .Scenarios.Select(s => s.Name);
        Assert.Equal(["a_1_512", "a_1_1024", "a_2_512", "a_2_1024"], names);
    }

    [Fact]
    public void Combinations_that_would_do_the_same_are_merged()
    {
        // An image alone has no numbers: the text and its digits make no difference.
        var expansion = Expand(
            """{"name":"g","axes":{"representation.arm":["image"],"representation.text":["BASELINE","WITH_STATS"],"representation.numbers.digits":[1,2]}}""");
        Assert.Single(expansion.Scenarios);
        Assert.Equal(3, expansion.NumMerged);
    }

    [Fact]
    public void A_scenario_overrides_the_defaults_setting_by_setting()
    {
        var scenario = Assert.Single(Expand(
            """{"name":"g","defaults":{"recipe":{"epochs":5,"microBatchSize":7}},"scenarios":[{"name":"a","recipe":{"epochs":6}}]}""").Scenarios);
        Assert.Equal((6, 7), (scenario.Recipe.Epochs, scenario.Recipe.MicroBatchSize));
    }

    [Theory]
    [InlineData("""{"name":"g","scenarios":[{"name":"a","recipe":{"epochz":6}}]}""", "epochz")]
    [InlineData("""{"name":"g","axes":{"representation.armz":["both"]}}""", "armz")]
    [InlineData("""{"name":"g","axes":{"recipe.epochs.x":[1]},"defaults":{"recipe":{"epochs":1}}}""", "axes.recipe.epochs.x")]
    [InlineData("""{"name":"g","axes":{"recipe.epochs":[]}}""", "axes.recipe.epochs")]
    [InlineData("""{"name":"g","axes":{"recipe.epochs":[-1]}}""", "recipe.epochs: expected 0 to 10000, found -1")]
    [InlineData("""{"name":"g","axes":{"representation.arm":["neither"]}}""", "representation.arm")]
    [InlineData("""{"name":"g","baselines":["1nn-xyz"]}""", "1nn-xyz")]
    [InlineData("""{"name":"g","baselines":["inceptiontime:1500"]}""",
        "inceptiontime:EPOCHS for other than 1500 epochs, found 'inceptiontime:1500'")]
    [InlineData("""{"name":"g","scenarios":[{"recipe":{}}]}""", "needs a name")]
    [InlineData("""{"name":"g","scenarios":[{"name":"a"},{"name":"a","recipe":{"epochs":3}}]}""", "'a' 2 times")]
    [InlineData("""{"name":"g","defaults":{"representation":{"arm":"text","text":"NONE"}}}""", "representation.text")]
    public void A_bad_grid_is_refused_with_the_setting_named(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<GridException>(() => Expand(json)).Message);

    /// <summary>The grid's check and the classifiers themselves must agree, and each epoch count has one name.</summary>
    [Theory]
    [InlineData("inceptiontime:300", true)]
    [InlineData("inceptiontime:15000", true)]
    [InlineData("inceptiontime:1500", false)]
    [InlineData("inceptiontime:0300", false)]
    [InlineData("inceptiontime:100000", false)]
    [InlineData("inceptiontime:3\n", false)]
    [InlineData("minirocket:3", false)]
    public void A_grid_takes_the_baselines_that_can_be_run(string name, bool isKnown)
    {
        Assert.Equal(isKnown, BaselineNames.IsKnown(name));
        // One that can be run has begun before it sees that it is not wanted.
        var begin = () => Baseline.Run(name, [new(new([[0, 1]]), "a"), new(new([[1, 0]]), "b")], [], ["a", "b"], 0, 1, null,
            new CancellationToken(canceled: true));
        if (isKnown) Assert.ThrowsAny<OperationCanceledException>(begin);
        else Assert.Throws<ArgumentException>(begin);
    }

    [Fact]
    public void Damaged_json_is_refused_with_its_line() =>
        Assert.StartsWith("my.json(2)", Assert.Throws<GridException>(() => ScenarioGrid.Parse("{\n\"name\": }", "my.json")).Message);

    [Fact]
    public void A_name_that_is_neither_preset_nor_file_is_refused() =>
        Assert.Contains("quick, paper, ablation, images, probe", Assert.Throws<GridException>(() => ScenarioPresets.Open("qiuck")).Message);

    private static GridExpansion Expand(string json) => GridExpansion.Of(ScenarioGrid.Parse(json, "test"));
}
