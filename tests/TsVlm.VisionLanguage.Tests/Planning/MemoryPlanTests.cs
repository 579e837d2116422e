using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Planning;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Planning;

[Collection(TorchTests.Name)]
public sealed class MemoryPlanTests
{
    private const int Sequence = 400;
    private const int NumAnswerTokens = 3;

    // A model that is wide and long enough for its tensors to outweigh everything else in the process.
    private static readonly LlavaConfig Config = new()
    {
        Vision = new VisionConfig { Width = 256, FeedForwardWidth = 1024, NumLayers = 4, NumHeads = 4, ImageSize = 140, PatchSize = 14 },
        Text = new TextConfig
        {
            VocabularySize = 2000, Width = 512, FeedForwardWidth = 1376, NumLayers = 6, NumHeads = 8, NumKeyValueHeads = 8, HeadWidth = 64,
                ContextLength = 1024,
        },
        ImageTokenId = 1999,
    };

    [Theory]
    [InlineData(TrainedPart.Full, Precision.Float32, 0, false, 1)]
    [InlineData(TrainedPart.Full, Precision.Float32, 0, false, 2)]
    [InlineData(TrainedPart.ProjectorAndLanguageModel, Precision.Float32, 0, true, 2)]
    [InlineData(TrainedPart.Lora, Precision.Float32, 0.05, false, 2)]
    [InlineData(TrainedPart.Lora, Precision.Float32, 0, false, 1)]
    [InlineData(TrainedPart.Lora, Precision.BFloat16, 0.05, false, 2)]
    [InlineData(TrainedPart.Lora, Precision.BFloat16, 0.05, true, 2)]
    public void Planned_memory_is_within_a_tenth_of_what_a_step_takes(
        TrainedPart trained, Precision precision, double dropout, bool recomputes, int numMicroBatches)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read from glibc.");
        var recipe = new Recipe
        {
            Trained = trained, Precision = precision, GradientCheckpointing = recomputes, MicroBatchSize = 6,
                GradientAccumulation = numMicroBatches, Epochs = 1,
            Lora = new LoraSettings { Rank = 64, Alpha = 128, Dropout = dropout },
        };
        var planned = MemoryPlan.Of(Config, recipe, new(NumTrain: 12, NumValidation: 0, Sequence, NumAnswerTokens, ImagesPerSample: 1));
        // On a busy machine the fullest moment may pass between two looks: then once more.
        var measured = 0L;
        for (var i = 0; i < 3 && planned.Total > 1.1 * measured; i++)
            measured = Math.Max(measured, NativeMemory.PeakOf(() => Step(recipe)));
        TestContext.Current.TestOutputHelper?.WriteLine($"planned {planned.Total / 1e6:F0} MB, measured {measured / 1e6:F0} MB: {planned}");
        Assert.InRange(planned.Total, 0.9 * measured, 1.1 * measured);
    }

    [Theory]
    [InlineData("7B", 4096, 11008, 32, 32, 7_063_427_072)]
    [InlineData("13B", 5120, 13824, 40, 40, 13_351_494_656)]
    public void The_true_sizes_are_planned_without_memory_and_refused_where_they_do_not_fit(
        string name, int width, int feedForward, int numLayers, int numHeads, long numParameters)
    {
        var config = new LlavaConfig
        {
            Vision = new VisionConfig { Width = 1024, FeedForwardWidth = 4096, NumLayers = 24, NumHeads = 16, ImageSize = 336,
                PatchSize = 14 },
            Text = new TextConfig
            {
                VocabularySize = 32064, Width = width, FeedForwardWidth = feedForward, NumLayers = numLayers, NumHeads = numHeads,
                    NumKeyValueHeads = numHeads,
                HeadWidth = 128, ContextLength = 4096,
            },
        };
        Assert.Equal(numParameters, config.NumParameters);
        var paper = new Recipe { Precision = Precision.BFloat16, GradientCheckpointing = true };
        var plan = TrainingPlan.Of(config, paper,
            new TrainingSize(NumTrain: 100, NumValidation: 10, Sequence: 2048, NumAnswerTokens: 3, ImagesPerSample: 1));
        // Two bytes for each weight but the projector, whose master weights have four, and the adapters, which come on top.
        Assert.InRange(plan.Memory.Weights, 2 * numParameters, 2.25 * numParameters);
        Assert.Equal(plan.NumTrained * 16, plan.Memory.Gradients + plan.Memory.Optimizer + plan.Memory.BestWeights);
        Assert.Equal(14, plan.NumSteps);
        Assert.Null(plan.Refusal("cuda:0", null));
        Assert.Null(plan.Refusal("cuda:0", plan.Memory.Total));
        var refusal = plan.Refusal("cuda:0", 16L << 30);
        Assert.StartsWith("Device cuda:0: expected a training that fits the 17.18 GB available, found ", refusal);
        Assert.Contains("ower recipe.microBatchSize from 4", refusal);
        Assert.DoesNotContain("set recipe.gradientCheckpointing", refusal, StringComparison.OrdinalIgnoreCase);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {plan.Memory}");
    }

    [Fact]
    public void A_refit_adds_steps_and_work_on_all_samples_and_no_memory()
    {
        var recipe = new Recipe { Trained = TrainedPart.Full, Epochs = 2, MicroBatchSize = 4, GradientAccumulation = 1 };
        var size = new TrainingSize(NumTrain: 80, NumValidation: 20, Sequence, NumAnswerTokens, ImagesPerSample: 1);
        var (once, twice) = (TrainingPlan.Of(Config, recipe, size), TrainingPlan.Of(Config, recipe with { Refit = true }, size));
        Assert.Equal((40, 40 + 50), (once.NumSteps, twice.NumSteps));
        Assert.Equal(2.25, twice.Operations / once.Operations, 1e-12);
        Assert.Equal(once.Memory, twice.Memory);
        Assert.Equal(40, TrainingPlan.Of(Config, recipe with { Refit = true }, size with { NumValidation = 0 }).NumSteps);
    }

    /// <summary>A model is made and takes one step, the best weights kept.</summary>
    private static void Step(Recipe recipe)
    {
        using var model = new Llava(Config, ModelOptions.ForTraining(recipe, seed: 1, ComputeDevice.Cpu));
        model.InitialiseWeights(1);
        var parameters = TrainedParameters.Choose(model, recipe);
        using var optimizer = new AdamW(parameters, 0);
        using var best = new BestWeights(parameters);
        best.Keep();
        List<Batch> batches = [.. Enumerable.Range(0, recipe.GradientAccumulation).Select(_ => Batch(recipe.MicroBatchSize))];
        new GradientStep(model, parameters, optimizer, new LearningRateSchedule(10, 0).Factor, 1, seed: 1, recipe.GradientCheckpointing)
            .Run(0, 0, batches, TestContext.Current.CancellationToken);
        foreach (var batch in batches) batch.Dispose();
    }

    private static Batch Batch(int size)
    {
        using var scope = NewDisposeScope();
        var ids = ones([size, Sequence], ScalarType.Int64);
        ids.narrow(1, 5, Config.NumImageTokens).fill_(Config.ImageTokenId);
        var targets = full([size, Sequence], -100L, ScalarType.Int64);
        targets.narrow(1, Sequence - NumAnswerTokens, NumAnswerTokens).fill_(7);
        return new Batch(ids, ones([size, Sequence], ScalarType.Int64), randn(size, 3, Config.Vision.ImageSize, Config.Vision.ImageSize),
            targets, [.. Enumerable.Range(0, size)]);
    }
}
