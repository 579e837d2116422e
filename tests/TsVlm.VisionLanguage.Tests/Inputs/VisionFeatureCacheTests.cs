using TorchSharp;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Tests.Training;

namespace TsVlm.VisionLanguage.Tests.Inputs;

[Collection(TorchTests.Name)]
public sealed class VisionFeatureCacheTests
{
    private static readonly List<EncodedSample> Samples = SmallTraining.Samples(21);   // more than one portion

    [Fact]
    public void Each_image_has_the_states_that_the_tower_makes_of_it()
    {
        using var model = SmallTraining.ModelFor(SmallTraining.Recipe);
        using var states = Of(model, SmallTraining.Recipe)!;
        List<EncodedSample> chosen = [Samples[20], Samples[3], Samples[3]];
        using var batch = Batch.Of(chosen, SmallTraining.Format, states);
        using var pixels = Batch.Of(chosen, SmallTraining.Format);
        using var expected = model.VisionStates(pixels.Images!);
        Close.To(expected, batch.Images!, 1e-5, "states");
        using var loss = model.Loss(batch.InputIds, batch.AttentionMask, batch.Images, batch.TargetIds);
        using var lossOfPixels = model.Loss(pixels.InputIds, pixels.AttentionMask, pixels.Images, pixels.TargetIds);
        Close.To(lossOfPixels, loss, 1e-5, "loss");
    }

    [Fact]
    public void A_training_with_them_learns_what_one_without_them_does()
    {
        var epochs = SmallTraining.Recipe with { Epochs = 1 };   // each image is seen once, so nothing is kept
        var steps = new[] { epochs, epochs with { Epochs = 1.001 } }.Select(recipe =>
        {
            using var model = SmallTraining.ModelFor(recipe);
            return SmallTraining.Train(model, recipe with { WarmupRatio = 0 }, Samples, Samples[..5]).Steps.Take(3).ToList();
        }).ToList();
        Assert.All(steps[0].Zip(steps[1]), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-3));
    }

    [Fact]
    public void The_planned_memory_of_tower_states_is_what_they_take()
    {
        using var model = SmallTraining.ModelFor(SmallTraining.Recipe);
        using var scope = torch.NewDisposeScope();
        using var states = Of(model, SmallTraining.Recipe)!;
        var all = states.Of([.. Samples.Select(sample => sample.Images[0])])!;
        Assert.Equal(all.numel() * 4, VisionFeatureCache.BytesOf(model.Config, SmallTraining.Recipe, Samples.Count));
    }

    [Theory]
    [InlineData(TrainedPart.Full, 2, 10)]
    [InlineData(TrainedPart.Lora, 1, 10)]
    [InlineData(TrainedPart.Lora, 2, 10_000_000)]
    public void Tower_states_are_computed_in_each_step_where_the_tower_learns_an_image_is_seen_once_or_they_are_too_many(
        TrainedPart trained, double epochs, int numImages) =>
        Assert.Equal(0, VisionFeatureCache.BytesOf(SmallTraining.Config, SmallTraining.Recipe with { Trained = trained, Epochs = epochs },
            numImages));

    [Fact]
    public void States_of_another_shape_are_refused()
    {
        using var model = SmallTraining.ModelFor(SmallTraining.Recipe);
        using var other = torch.zeros(2, SmallTraining.NumImageTokens + 1, SmallTraining.Config.Vision.Width);
        var error = Assert.Throws<ArgumentException>(() => model.ImageFeatures(other));
        Assert.Contains("expected shape (N, 4, 16), found (2, 5, 16)", error.Message);
    }

    private static VisionFeatureCache? Of(Llava model, Recipe recipe) =>
        VisionFeatureCache.Of(model, recipe, Samples, SmallTraining.Images, TestContext.Current.CancellationToken);
}
