using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Tests.Training;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Inputs;

[Collection(TorchTests.Name)]
public sealed class BatchTests
{
    [Fact]
    public void Shorter_sequences_are_filled_up_on_the_right_and_masked()
    {
        EncodedSample[] samples = [new(4, [1, 7, 8, 2], [-100, -100, 8, 2], []), new(9, [1, 2], [-100, 2], [])];
        using var batch = Batch.Of(samples, SmallTraining.Format with { PadId = 5 });
        Assert.Equal([1, 7, 8, 2, 1, 2, 5, 5], batch.InputIds.data<long>());
        Assert.Equal([1, 1, 1, 1, 1, 1, 0, 0], batch.AttentionMask.data<long>());
        Assert.Equal([-100, -100, 8, 2, -100, 2, -100, -100], batch.TargetIds.data<long>());
        Assert.Null(batch.Images);
        Assert.Equal(3, batch.CountAnswerTokens());
        Assert.Equal([4, 9], batch.Cases);
    }

    [Fact]
    public void Images_come_in_the_order_of_the_samples_that_have_one()
    {
        var samples = SmallTraining.Samples(3);
        samples[1] = new EncodedSample(1, [1, 30, 2], [-100, 30, 2], []);
        using var batch = Batch.Of(samples, SmallTraining.Format);
        Assert.Equal([2, 3, 28, 28], batch.Images!.shape);
        using var second = batch.Images[1];
        var expected = new float[3 * 28 * 28];
        SmallTraining.Images.Normalise(samples[2].Images[0], expected);
        Assert.Equal(expected, second.data<float>().ToArray());
    }

    [Fact]
    public void Padding_does_not_change_the_loss()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = SmallTraining.Model();
        var samples = SmallTraining.Samples(5);
        Assert.True(samples.Select(s => s.InputIds.Length).Distinct().Count() > 1, "Nothing would be padded.");
        var together = ValidationLoss.Of(model, samples, SmallTraining.Format, states: null, batchSize: 5,
            TestContext.Current.CancellationToken);
        var oneByOne = ValidationLoss.Of(model, samples, SmallTraining.Format, states: null, batchSize: 1,
            TestContext.Current.CancellationToken);
        Assert.Equal(oneByOne, together, 1e-6);
        Assert.Equal(together,
            ValidationLoss.Of(model, samples, SmallTraining.Format with { PadId = 9 }, states: null, batchSize: 5,
                TestContext.Current.CancellationToken));
    }
}
