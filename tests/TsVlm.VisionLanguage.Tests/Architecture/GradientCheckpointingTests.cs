using TorchSharp;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Planning;
using TsVlm.VisionLanguage.Tests.Training;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Architecture;

[Collection(TorchTests.Name)]
public sealed class GradientCheckpointingTests
{
    private static readonly List<EncodedSample> Train = SmallTraining.Samples(10);

    [Theory]
    [InlineData(TrainedPart.Full, true)]
    [InlineData(TrainedPart.ProjectorAndLanguageModel, true)]
    [InlineData(TrainedPart.Lora, true)]
    [InlineData(TrainedPart.Lora, false)]
    public void Losses_gradients_and_weights_are_the_same_bit_for_bit(TrainedPart trained, bool withImages)
    {
        var recipe = SmallTraining.LoraRecipe with { Trained = trained };
        Assert.True(recipe.Lora.Dropout > 0);
        var train = withImages ? Train : [.. Train.Select(WithoutImage)];
        using var kept = SmallTraining.ModelFor(recipe);
        using var recomputed = SmallTraining.ModelFor(recipe);
        var expected = SmallTraining.Train(kept, recipe, train, []);
        var actual = SmallTraining.Train(recomputed, recipe with { GradientCheckpointing = true }, train, []);
        Assert.Equal(expected.Steps, actual.Steps);   // losses and gradient norms
        Assert.Equal(SmallTraining.Weights(kept), SmallTraining.Weights(recomputed));
    }

    [Theory]
    [InlineData(TrainedPart.Full)]
    [InlineData(TrainedPart.Lora)]
    public void Every_weight_has_the_same_gradient(TrainedPart trained)
    {
        var recipe = SmallTraining.LoraRecipe with { Trained = trained };
        var gradients = new[] { false, true }.Select(recomputes =>
        {
            using var scope = NewDisposeScope();
            using var model = SmallTraining.ModelFor(recipe);
            using var tape = new GradientCheckpointing();
            using var batch = Batch.Of(Train, SmallTraining.Format);
            var parameters = TrainedParameters.Choose(model, recipe);
            model.train();
            model.Checkpointing = recomputes ? tape : null;
            model.Loss(batch.InputIds, batch.AttentionMask, batch.Images, batch.TargetIds).backward();
            tape.Backward();
            return parameters.ToDictionary(p => p.Name, p => p.Tensor.grad?.bytes.ToArray());
        }).ToList();
        Assert.Equal(gradients[0], gradients[1]);
        Assert.Contains(gradients[0].Values, gradient => gradient is not null && gradient.Any(b => b != 0));
    }

    [Fact]
    public void Without_it_the_graph_keeps_several_times_as_much_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read from glibc.");
        var (kept, recomputed) = (MemoryAfterForward(recomputes: false), MemoryAfterForward(recomputes: true));
        Assert.True(recomputed < 0.4 * kept, $"{recomputed / 1e6:0} MB with it, {kept / 1e6:0} MB without.");
    }

    [Fact]
    public void Layers_below_all_that_learn_are_not_computed_again()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(3, 3);
        foreach (var weight in layer.parameters()) weight.requires_grad = false;
        var runs = 0;
        Tensor Forward(Tensor x)
        {
            runs++;
            return layer.forward(x);
        }
        using var tape = new GradientCheckpointing();
        var frozen = tape.Run(layer, ones(2, 3), Forward);
        Assert.False(frozen.requires_grad);
        layer.weight!.requires_grad = true;
        tape.Run(layer, frozen, Forward).sum().backward();
        Assert.Equal(2, runs);
        tape.Backward();
        Assert.Equal(3, runs);
        Assert.NotNull(layer.weight.grad);
    }

    [Fact]
    public void A_pass_that_fails_half_way_leaves_no_tensor_behind()
    {
        var recipe = SmallTraining.LoraRecipe with { GradientCheckpointing = true };
        using var model = SmallTraining.ModelFor(recipe);
        var parameters = TrainedParameters.Choose(model, recipe);
        using var optimizer = new AdamW(parameters, 0);
        var step = new GradientStep(model, parameters, optimizer, _ => 1, 1, seed: 0, recomputesLayers: true);
        using var good = Batch.Of(Train[..2], SmallTraining.Format);
        using var images = good.Images!.narrow(0, 0, 1);
        using var bad = new Batch(good.InputIds.clone(), good.AttentionMask.clone(), images.clone(), good.TargetIds.clone(), [0, 1]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Throws<ArgumentException>(() => step.Run(0, 1, [bad], TestContext.Current.CancellationToken));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        step.Run(0, 1, [good], TestContext.Current.CancellationToken);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Bytes of native memory that a forward pass for training adds, until its backward pass.</summary>
    private static long MemoryAfterForward(bool recomputes)
    {
        using var scope = NewDisposeScope();
        using var model = new Llava(SmallTraining.Config with
        {
            Text = SmallTraining.Config.Text with { Width = 256, FeedForwardWidth = 1024, NumLayers = 8, NumHeads = 4, HeadWidth = 64 },
        });
        model.InitialiseWeights(7);
        TrainedParameters.Choose(model, new Recipe { Trained = TrainedPart.Full });
        using var batch = Batch.Of(SmallTraining.Samples(256), SmallTraining.Format);
        using var tape = new GradientCheckpointing();
        model.train();
        model.Checkpointing = recomputes ? tape : null;
        var before = NativeMemory.InUse();
        var loss = model.Loss(batch.InputIds, batch.AttentionMask, batch.Images, batch.TargetIds);
        var bytes = NativeMemory.InUse() - before;
        Assert.True(loss.requires_grad);
        return bytes;
    }

    private static EncodedSample WithoutImage(EncodedSample sample) => sample with
    {
        Images = [],
        InputIds = [.. sample.InputIds.Where(id => id != SmallTraining.ImageToken)],
        TargetIds = [.. sample.TargetIds.Skip(SmallTraining.NumImageTokens)],
    };
}
