using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class EpochProgressTests
{
    private static readonly List<EncodedSample> Train = SmallTraining.Samples(10);
    private static readonly List<EncodedSample> Validation = SmallTraining.Samples(4, firstCase: 100);

    [Fact]
    public void Every_epoch_and_the_fraction_at_the_end_is_told_with_its_samples_tokens_losses_and_times()
    {
        var epochs = new List<FineTuningEpoch>();
        using var model = SmallTraining.Model();
        var before = TimeProvider.System.GetUtcNow();
        var result = SmallTraining.Train(model, SmallTraining.Recipe with { Epochs = 2.4 }, Train, Validation,
            new() { Epoch = epochs.Add });
        var after = TimeProvider.System.GetUtcNow();
        Assert.Equal([1, 2, 3], epochs.Select(epoch => epoch.Number));
        Assert.Equal([10L, 10L, 4L], epochs.Select(epoch => epoch.NumSamples));
        Assert.Equal(Train.Sum(sample => sample.InputIds.Length), epochs[0].NumTokens);
        Assert.Equal(result.Steps.Where(step => step.Epoch <= 1).Average(step => step.Loss), epochs[0].Loss, 1e-12);
        Assert.Equal(result.Steps.Select(step => step.ValidationLoss)
            .OfType<double>(), epochs.Select(epoch => epoch.ValidationLoss!.Value));
        DateTimeOffset[] times = [before, .. epochs.SelectMany(epoch => (DateTimeOffset[])[epoch.Started, epoch.Trained, epoch.Ended]),
            after];
        Assert.Equal(times.Order(), times);
        Assert.All(epochs, epoch =>
            Assert.Equal(epoch.NumTokens / (epoch.Trained - epoch.Started).TotalSeconds, epoch.TokensPerSecond,
                1e-3 * epoch.TokensPerSecond));
    }

    [Fact]
    public void Without_a_validation_split_an_epoch_has_no_validation_loss()
    {
        var epochs = new List<FineTuningEpoch>();
        using var model = SmallTraining.Model();
        SmallTraining.Train(model, SmallTraining.Recipe with { Epochs = 1 }, Train, [], new() { Epoch = epochs.Add });
        Assert.Null(Assert.Single(epochs).ValidationLoss);
    }
}
