using TsVlm.Contracts;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class TrainingStateTests : IDisposable
{
    private static readonly List<EncodedSample> Train = SmallTraining.Samples(10);
    private static readonly List<EncodedSample> Validation = SmallTraining.Samples(4, firstCase: 100);
    private readonly TemporaryFolder folder = new();
    private int stoppedBeforeValidation;

    [Theory]
    [InlineData(TrainedPart.Full, 1)]
    [InlineData(TrainedPart.Full, 4)]
    [InlineData(TrainedPart.Lora, 2)]
    [InlineData(TrainedPart.Lora, 3)]
    [InlineData(TrainedPart.Lora, 8)]
    [InlineData(TrainedPart.Full, 4, Precision.BFloat16)]
    [InlineData(TrainedPart.Lora, 5, Precision.BFloat16)]
    public void A_training_that_is_stopped_and_continued_ends_with_the_same_bits(TrainedPart trained, int stopAfter,
        Precision precision = Precision.Float32)
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
    public void With_no_time_between_them_snapshots_come_after_every_step()
    {
        var after = new List<int>();
        using var model = SmallTraining.Model();
        SmallTraining.Train(model, SmallTraining.Recipe, Train, [], AfterEveryStep(state => after.Add(state.Steps.Count)));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], after);
    }

    [Fact]
    public void A_short_training_takes_no_snapshot()
    {
        using var model = SmallTraining.Model();
        SmallTraining.Train(model, SmallTraining.Recipe, Train, [],
            new FineTuningCallbacks { Snapshot = _ => Assert.Fail("A training of some milliseconds.") });
    }

    /// <summary>
    /// The clock is read around every step, validation and snapshot, so stopping at each reading stops in each of these places.
    /// </summary>
    [Fact]
    public void A_training_stopped_anywhere_goes_on_to_the_same_bits()
    {
        var recipe = SmallTraining.LoraRecipe with { Epochs = 1.6 };
        using var undisturbed = SmallTraining.ModelFor(recipe);
        var expected = SmallTraining.Train(undisturbed, recipe, Train, Validation);
        var weights = SmallTraining.Weights(undisturbed);
        for (var reading = 1; StopAtReading(reading, recipe); reading++)
        {
            var saved = File.Exists(folder.File("training-state.json"));
            using var continued = SmallTraining.ModelFor(recipe);
            var actual = SmallTraining.Train(continued, recipe, Train, Validation, continueFrom: saved ? folder.Path : null);
            Assert.Equal(expected.Steps, actual.Steps);
            Assert.Equal(weights, SmallTraining.Weights(continued));
        }
        Assert.True(stoppedBeforeValidation > 0, "It never stopped between a step that ends an epoch and its validation.");
    }

    [Fact]
    public void A_finished_training_continued_is_finished()
    {
        using var model = SmallTraining.Model();
        var expected = SmallTraining.Train(model, SmallTraining.Recipe, Train, Validation,
            AfterEveryStep(state => state.Save(folder.Path)));
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
        var error = Assert.Throws<FineTuningException>(() =>
            SmallTraining.Train(model, other, Train, Validation, continueFrom: folder.Path));
        Assert.Contains("0.0001", error.Message, StringComparison.Ordinal);
        Assert.Throws<FineTuningException>(() => SmallTraining.Train(model, SmallTraining.Recipe, Train, [], continueFrom: folder.Path));
    }

    [Fact]
    public void A_folder_without_a_state_is_refused()
    {
        using var model = SmallTraining.Model();
        Assert.Throws<FineTuningException>(() =>
            SmallTraining.Train(model, SmallTraining.Recipe, Train, Validation, continueFrom: folder.Path));
    }

    private static FineTuningCallbacks AfterEveryStep(Action<TrainingState> snapshot) =>
        new() { TimeBetweenSnapshots = TimeSpan.Zero, Snapshot = snapshot };

    /// <summary>False when the training ended before that reading of the clock.</summary>
    private bool StopAtReading(int reading, Recipe recipe)
    {
        foreach (var file in Directory.GetFiles(folder.Path)) File.Delete(file);
        using var model = SmallTraining.ModelFor(recipe);
        using var stop = new CancellationTokenSource();
        var clock = new CountedClock(count => { if (count == reading) stop.Cancel(); });
        var callbacks = new FineTuningCallbacks
        {
            Snapshot = state =>
            {
                state.Save(folder.Path);
                if (state.Steps is { Count: 3 } and [.., { ValidationLoss: null }]) stoppedBeforeValidation++;
            },
        };
        try
        {
            new FineTuner(model, SmallTraining.Format, recipe, seed: 3, numThreads: 1, clock).Run(Train, Validation, callbacks, null,
                stop.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
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
        Assert.Throws<OperationCanceledException>(() => { SmallTraining.Tuner(model, recipe)
            .Run(Train, Validation, callbacks, null, stop.Token); });
    }

    public void Dispose() => folder.Dispose();

    private sealed class CountedClock(Action<int> onReading) : TimeProvider
    {
        private int count;

        public override long GetTimestamp()
        {
            onReading(++count);
            return base.GetTimestamp();
        }
    }
}
