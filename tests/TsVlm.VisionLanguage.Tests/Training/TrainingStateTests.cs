using TsVlm.Contracts;
using TsVlm.Tests;

namespace TsVlm.VisionLanguage.Tests;

[Collection(TorchTests.Name)]
public sealed class TrainingStateTests : IDisposable
{
    private static readonly List<EncodedSample> Train = SmallTraining.Samples(10);
    private static readonly List<EncodedSample> Validation = SmallTraining.Samples(4, firstCase: 100);
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(TrainedPart.Full, 1)]
    [InlineData(TrainedPart.Full, 4)]
    [InlineData(TrainedPart.Lora, 2)]
    [InlineData(TrainedPart.Lora, 3)]
    [InlineData(TrainedPart.Lora, 8)]
    [InlineData(TrainedPart.Full, 4, Precision.BFloat16)]
    [InlineData(TrainedPart.Lora, 5, Precision.BFloat16)]
    public void A_training_that_is_stopped_and_continued_ends_with_the_same_bits(TrainedPart trained, int stopAfter, Precision precision = Precision.Float32)
    {
        var recipe = SmallTraining.LoraRecipe with { Trained = trained, Precision = precision };
        using var undisturbed = SmallTraining.ModelFor(recipe);
        var expected = SmallTraining.Train(undisturbed, recipe, Train, Validation);

        StopAfter(stopAfter, recipe);
        using var continued = SmallTraining.ModelFor(recipe);
        var actual = SmallTraining.Train(continued, recipe, Train, Validation, continueFrom: folder.Path);
        Assert.Equal(expected.Steps, actual.Steps);
        Assert.Equal(SmallTraining.Weights(undisturbed), SmallTraining.Weights(continued));
        Assert.Equal((expected.BestEpoch, expected.BestValidationLoss), (actual.BestEpoch, actual.BestValidationLoss));
    }

    [Fact]
    public void Snapshots_come_every_so_many_steps_and_at_the_end_of_an_epoch()
    {
        var after = new List<int>();
        using var model = SmallTraining.Model();
        SmallTraining.Train(model, SmallTraining.Recipe, Train, [],
            new FineTuningCallbacks { StepsBetweenSnapshots = 2, Snapshot = state => after.Add(state.Steps.Count) });
        Assert.Equal([2, 3, 4, 6, 8, 9], after);
    }

    [Fact]
    public void A_finished_training_continued_is_finished()
    {
        using var model = SmallTraining.Model();
        var expected = SmallTraining.Train(model, SmallTraining.Recipe, Train, Validation,
            new FineTuningCallbacks { Snapshot = state => state.Save(folder.Path) });
        using var again = SmallTraining.Model();
        Assert.Equal(expected.Steps, SmallTraining.Train(again, SmallTraining.Recipe, Train, Validation, continueFrom: folder.Path).Steps);
        Assert.Equal(SmallTraining.Weights(model), SmallTraining.Weights(again));
    }

    [Fact]
    public void The_state_of_another_training_is_refused()
    {
        StopAfter(2, SmallTraining.Recipe);
        using var model = SmallTraining.Model();
        var other = SmallTraining.Recipe with { LearningRate = 1e-4 };
        var error = Assert.Throws<FineTuningException>(() => SmallTraining.Train(model, other, Train, Validation, continueFrom: folder.Path));
        Assert.Contains("0.0001", error.Message, StringComparison.Ordinal);
        Assert.Throws<FineTuningException>(() => SmallTraining.Train(model, SmallTraining.Recipe, Train, [], continueFrom: folder.Path));
    }

    [Fact]
    public void A_folder_without_a_state_is_refused()
    {
        using var model = SmallTraining.Model();
        Assert.Throws<FineTuningException>(() => SmallTraining.Train(model, SmallTraining.Recipe, Train, Validation, continueFrom: folder.Path));
    }

    private void StopAfter(int steps, Recipe recipe)
    {
        using var model = SmallTraining.ModelFor(recipe);
        using var stop = new CancellationTokenSource();
        var callbacks = new FineTuningCallbacks
        {
            Progress = p => { if (p.Step.Step + 1 == steps) stop.Cancel(); },
            Snapshot = state => state.Save(folder.Path),
        };
        Assert.Throws<OperationCanceledException>(() => { SmallTraining.Tuner(model, recipe).Run(Train, Validation, callbacks, null, stop.Token); });
    }

    public void Dispose() => folder.Dispose();
}
