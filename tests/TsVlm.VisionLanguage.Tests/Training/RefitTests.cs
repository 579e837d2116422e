using TsVlm.Contracts;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

/// <summary>Trainings on training and validation samples together, for the epochs that a training without the latter chose.</summary>
[Collection(TorchTests.Name)]
public sealed class RefitTests : IDisposable
{
    private static readonly List<EncodedSample> Train = SmallTraining.Samples(10);

    // Answers that contradict training: what is learned makes them less and less likely, so an early epoch is the best.
    private static readonly List<EncodedSample> Validation =
        [.. SmallTraining.Samples(4, firstCase: 100).Select(sample => sample with { Images = [[.. sample.Images[0].Skip(1), 0]] })];

    private static readonly List<EncodedSample> All = [.. Train, .. Validation];
    private static readonly Recipe Recipe = SmallTraining.Recipe with { Epochs = 12, LearningRate = 1e-2, Refit = true };
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_refit_is_the_training_on_all_samples_cut_short_after_the_best_epoch()
    {
        var selection = Select();
        Assert.InRange(selection.NumEpochs, 1, 11);
        Assert.Equal(selection.NumEpochs, selection.Result.BestEpoch);
        using var refitted = SmallTraining.ModelFor(Recipe);
        var result = Refit(refitted, selection);

        // The same on all samples for all epochs; its weights after so many steps, and the rates of its steps.
        var numSteps = 4 * selection.NumEpochs;   // 14 samples, 4 in a step
        SortedDictionary<string, byte[]>? expected = null;
        using var whole = SmallTraining.ModelFor(Recipe);
        var steps = SmallTraining.Train(whole, Recipe, All, [], new FineTuningCallbacks
        {
            Progress = at => { if (at.Step.Step == numSteps - 1) expected = SmallTraining.Weights(whole); },
        }).Steps;
        Assert.Equal(48, steps.Count);
        Assert.Equal(steps.Take(numSteps), result.Steps);
        Assert.Equal(expected, SmallTraining.Weights(refitted));
        Assert.False(refitted.training);

        Assert.Equal((selection.NumEpochs, null, false), (result.BestEpoch, result.BestValidationLoss, result.KeptStart));
        Assert.Equal(selection.Result.Steps, result.Selection!.Steps);
        Assert.Equal(12 * 10 + selection.NumEpochs * 14, result.NumSamplesSeen);
        Assert.True(result.Seconds > selection.Result.Seconds);
    }

    [Fact]
    public void A_fraction_of_an_epoch_that_was_best_is_refitted_whole()
    {
        var recipe = Recipe with { Epochs = 1.5, LearningRate = 1e-3 };
        using var model = SmallTraining.ModelFor(recipe);
        var result = SmallTraining.Train(model, recipe, Train, SmallTraining.Samples(4, firstCase: 100));
        Assert.Equal(1.5, result.BestEpoch);
        var selection = new Selection(result, Scaling);
        Assert.Equal(2, selection.NumEpochs);
        using var refitted = SmallTraining.ModelFor(recipe);
        Assert.Equal([0.29, 0.57, 0.86, 1, 1.29, 1.5],
            Refit(refitted, selection, recipe).Steps.Select(step => Math.Round(step.Epoch, 2)));
    }

    [Fact]
    public void A_refit_that_was_stopped_after_any_step_goes_on_to_the_same_bits_and_knows_its_selection()
    {
        var selection = Select();
        using var undisturbed = SmallTraining.ModelFor(Recipe);
        var expected = Refit(undisturbed, selection);
        for (var stopAfter = 1; stopAfter < expected.Steps.Count; stopAfter++)
        {
            using (var stopped = SmallTraining.ModelFor(Recipe))
            using (var stop = new CancellationTokenSource())
            {
                var callbacks = new FineTuningCallbacks
                {
                    Progress = at => { if (at.Step.Step + 1 == stopAfter) stop.Cancel(); },
                    Snapshot = state =>
                    {
                        Assert.Equal(selection.Result.Steps.Count + stopAfter, state.Position);
                        state.Save(folder.Path);
                    },
                };
                Assert.Throws<OperationCanceledException>(() => Tuner(stopped).Refit(selection, All, callbacks, null, stop.Token));
            }
            var found = TrainingState.SelectionIn(folder.Path)!;
            Assert.Equal((selection.NumEpochs, selection.Scaling), (found.NumEpochs, found.Scaling));
            Assert.Equal(selection.Result.Steps, found.Result.Steps);
            using var continued = SmallTraining.ModelFor(Recipe);
            var actual = Tuner(continued).Refit(found, All, new(), folder.Path, Stop);
            Assert.Equal(expected.Steps, actual.Steps);
            Assert.Equal(SmallTraining.Weights(undisturbed), SmallTraining.Weights(continued));
            Assert.True(actual.SecondsBefore >= selection.Result.Seconds, "The seconds of the selection are not forgotten.");
        }
    }

    [Fact]
    public void A_state_of_a_training_that_selects_holds_no_selection()
    {
        using var model = SmallTraining.ModelFor(Recipe);
        SmallTraining.Train(model, Recipe, Train, Validation,
            new FineTuningCallbacks { TimeBetweenSnapshots = TimeSpan.Zero, Snapshot = state => state.Save(folder.Path) });
        Assert.Null(TrainingState.SelectionIn(folder.Path));
        Assert.Null(TrainingState.SelectionIn(folder.File("nothing")));
        using var other = SmallTraining.ModelFor(Recipe);
        Assert.Throws<FineTuningException>(() => Tuner(other).Refit(Select(), All, new(), folder.Path, Stop));
    }

    [Fact]
    public void Progress_counts_the_steps_of_both_and_falls_to_those_that_were_chosen()
    {
        var told = new List<FineTuningProgress>();
        var callbacks = new FineTuningCallbacks { Progress = told.Add };
        var selection = Select(callbacks);
        var numSelected = told.Count;
        Assert.Equal(36, numSelected);
        Assert.All(told, at => Assert.Equal((36 + 48, 120 + 168L, false), (at.NumSteps, at.NumSamples, at.IsRefit)));
        using var refitted = SmallTraining.ModelFor(Recipe);
        Tuner(refitted).Refit(selection, All, callbacks, null, Stop);
        var numSteps = 36 + 4 * selection.NumEpochs;
        Assert.Equal(Enumerable.Range(1, numSteps), told.Select(at => at.StepsDone));
        Assert.All(told.Skip(numSelected), at => Assert.Equal((numSteps, true), (at.NumSteps, at.IsRefit)));
        Assert.Equal((told[^1].NumSamples, told[^1].SamplesDone), (120 + 14L * selection.NumEpochs, told[^1].NumSamples));
    }

    public void Dispose() => folder.Dispose();

    private static TemperatureScaling Scaling => new() { Temperature = 1.25, NumCases = 40 };

    private static FineTuner Tuner(Llava model) => SmallTraining.Tuner(model, Recipe);

    private static FineTuningResult Refit(Llava model, Selection selection, Recipe? recipe = null) =>
        SmallTraining.Tuner(model, recipe ?? Recipe).Refit(selection, All, new(), null, Stop);

    private static Selection Select(FineTuningCallbacks? callbacks = null)
    {
        using var model = SmallTraining.ModelFor(Recipe);
        return new(SmallTraining.Train(model, Recipe, Train, Validation, callbacks), Scaling);
    }
}
