using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class FineTunerTests
{
    private static readonly List<EncodedSample> Train = SmallTraining.Samples(10);
    private static readonly List<EncodedSample> Validation = SmallTraining.Samples(4, firstCase: 100);

    [Theory]
    [InlineData(TrainedPart.Full, 0.25)]
    [InlineData(TrainedPart.ProjectorAndLanguageModel, 0.25)]
    [InlineData(TrainedPart.Lora, 0.9)] // Under a head that stays random and small, no answer can become likely.
    public void The_loss_falls_and_only_what_should_learn_changes(TrainedPart trained, double toAtMost)
    {
        var recipe = SmallTraining.LoraRecipe with { Trained = trained, Epochs = 30, LearningRate = 1e-2, ProjectorLearningRate = 1e-2 };
        using var model = SmallTraining.ModelFor(recipe);
        var before = SmallTraining.Weights(model);
        var result = SmallTraining.Train(model, recipe, Train, []);
        Assert.True(result.Steps[^1].Loss < result.Steps[0].Loss * toAtMost, $"From {result.Steps[0].Loss} to {result.Steps[^1].Loss}.");
        var learned = TrainedParameters.Choose(model, recipe).Select(p => p.Name).ToHashSet();
        var after = SmallTraining.Weights(model);
        Assert.All(after.Keys.Where(name => !learned.Contains(name)), name => Assert.Equal(before[name], after[name]));
        Assert.Contains(after.Keys, name => !before[name].SequenceEqual(after[name]));
    }

    [Fact]
    public void Training_twice_gives_the_same_bits_whatever_ran_between()
    {
        var (first, firstSteps) = Weights(SmallTraining.LoraRecipe);
        manual_seed(123);
        Weights(SmallTraining.Recipe with { Trained = TrainedPart.Full });
        var (second, secondSteps) = Weights(SmallTraining.LoraRecipe);
        Assert.Equal(first, second);
        Assert.Equal(firstSteps, secondSteps);
    }

    /// <summary>
    /// Numbers that TorchSharp converts on the spot are freed by their finalizer, at times while the native call still reads them.
    /// </summary>
    [Theory]
    [InlineData(TrainedPart.Full)]
    [InlineData(TrainedPart.Lora)]
    public void Collecting_garbage_all_the_while_changes_no_bit(TrainedPart trained)
    {
        var recipe = trained is TrainedPart.Lora ? SmallTraining.LoraRecipe : SmallTraining.Recipe with { Trained = trained };
        var undisturbed = Weights(recipe with { Epochs = 30 });
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            Assert.Equal(undisturbed.Weights, Weights(recipe with { Epochs = 30 }).Weights);
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    [Fact]
    public void Two_threads_give_the_same_bits_each_time()
    {
        var recipe = SmallTraining.Recipe with { Trained = TrainedPart.Full, MicroBatchSize = 16, GradientAccumulation = 1 };
        var weights = Enumerable.Range(0, 2).Select(_ =>
        {
            using var model = SmallTraining.WideModel();
            new FineTuner(model, SmallTraining.Format, recipe, seed: 3, numThreads: 2, TimeProvider.System)
                .Run(SmallTraining.Samples(64), [], new(), null, TestContext.Current.CancellationToken);
            return SmallTraining.Weights(model);
        }).ToList();
        Assert.Equal(weights[0], weights[1]);
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        using var model = SmallTraining.Model();
        SmallTraining.Tuner(model, SmallTraining.Recipe, seed: 4)
            .Run(Train, Validation, new(), null, TestContext.Current.CancellationToken);
        Assert.NotEqual(Weights(SmallTraining.Recipe).Weights, SmallTraining.Weights(model));
    }

    /// <summary>The loss of a step is the mean over all its answer tokens, so answers of unequal length do not spoil this.</summary>
    [Fact]
    public void Two_micro_batches_of_two_are_one_of_four()
    {
        var train = Train.Select((s, i) => i % 2 == 0 ? s : s with { TargetIds = [.. s.TargetIds[..^3], .. s.InputIds[^3..]] }).ToList();
        using var cut = SmallTraining.Model();
        using var whole = SmallTraining.Model();
        var cutSteps = SmallTraining.Train(cut, SmallTraining.Recipe with { MicroBatchSize = 2, GradientAccumulation = 2 },
            train, []).Steps;
        var wholeSteps = SmallTraining.Train(whole, SmallTraining.Recipe with { MicroBatchSize = 4, GradientAccumulation = 1 },
            train, []).Steps;
        foreach (var (expected, actual) in wholeSteps.Zip(cutSteps))
        {
            Assert.Equal(expected.Loss, actual.Loss, 1e-6 * expected.Loss + 1e-6);
            Assert.Equal(expected.GradientNorm, actual.GradientNorm, 1e-4 * expected.GradientNorm);
        }
    }

    [Fact]
    public void The_weights_of_the_lowest_validation_loss_are_kept()
    {
        // Validation answers that contradict training: what is learned makes them less and less likely.
        var contrary = Validation.Select(s => s with { Images = [[.. s.Images[0].Skip(1), 0]] }).ToList();
        var recipe = SmallTraining.Recipe with { Epochs = 20, LearningRate = 1e-2 };
        using var model = SmallTraining.Model();
        var result = SmallTraining.Train(model, recipe, Train, contrary);
        var losses = result.Steps.Select(s => s.ValidationLoss).OfType<double>().ToList();
        Assert.Equal(20, losses.Count);
        Assert.True(losses[^1] > losses.Min(), "The last weights are the best: this would show nothing.");
        Assert.Equal(losses.Min(), result.BestValidationLoss);
        Assert.Equal(losses.IndexOf(losses.Min()) + 1, result.BestEpoch);
        Assert.Equal(losses.Min(),
            ValidationLoss.Of(model, contrary, SmallTraining.Format, states: null, batchSize: 16, TestContext.Current.CancellationToken));
        Assert.False(model.training);
    }

    [Fact]
    public void Without_a_validation_split_the_last_weights_are_kept()
    {
        using var model = SmallTraining.Model();
        var result = SmallTraining.Train(model, SmallTraining.Recipe, Train, []);
        Assert.Equal((null, 3.0, false), (result.BestValidationLoss, result.BestEpoch, result.StoppedEarly));
        Assert.All(result.Steps, s => Assert.Null(s.ValidationLoss));
        Assert.Equal(30, result.NumSamplesSeen);
    }

    [Fact]
    public void Training_stops_when_patience_is_out()
    {
        // Nothing changes at learning rate 0, so the first epoch stays the best.
        var recipe = SmallTraining.Recipe with { Epochs = 10, LearningRate = 0, ProjectorLearningRate = 0, Patience = 2 };
        using var model = SmallTraining.Model();
        var result = SmallTraining.Train(model, recipe, Train, Validation);
        Assert.True(result.StoppedEarly);
        Assert.Equal((1.0, 3.0), (result.BestEpoch, result.Steps[^1].Epoch));
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_step_epoch_and_cases()
    {
        using var model = SmallTraining.Model();
        var poison = new FineTuningCallbacks { Progress = _ => Fill(model, "language_model.model.norm.weight", double.NaN) };
        var error = Assert.Throws<FineTuningException>(() =>
            SmallTraining.Train(model, SmallTraining.Recipe, SmallTraining.Samples(4, firstCase: 40), [], poison));
        Assert.Matches(@"^Step 1 \(epoch 2\), cases (4[0-3](, )?){4}: expected a finite loss, found NaN", error.Message);
    }

    /// <summary>A tiny norm before a huge head: the scores are ordinary, but what flows back through the head overflows.</summary>
    [Fact]
    public void A_gradient_that_is_not_finite_names_step_epoch_and_cases_and_changes_no_weight()
    {
        using var model = SmallTraining.Model();
        Fill(model, "language_model.model.norm.weight", 1e-30);
        Fill(model, "language_model.lm_head.weight", 1e38);
        var before = SmallTraining.Weights(model);
        var error = Assert.Throws<FineTuningException>(() =>
            SmallTraining.Train(model, SmallTraining.Recipe, SmallTraining.Samples(4, firstCase: 40), []));
        Assert.Matches(@"^Step 0 \(epoch 1\), cases (4[0-3](, )?){4}: expected a finite gradient norm, found", error.Message);
        Assert.Equal(before, SmallTraining.Weights(model));
    }

    [Fact]
    public void A_setting_out_of_bounds_is_refused_by_its_name()
    {
        using var model = SmallTraining.Model();
        var error = Assert.Throws<FineTuningException>(() =>
            SmallTraining.Train(model, SmallTraining.Recipe with { Epochs = -1 }, Train, []));
        Assert.Equal("recipe.epochs: expected 0 to 10000, found -1.", error.Message);
    }

    [Fact]
    public void Training_of_one_step_changes_weights()
    {
        var recipe = SmallTraining.Recipe with { Epochs = 1, WarmupRatio = 0.03 };
        using var model = SmallTraining.Model();
        var before = SmallTraining.Weights(model);
        var step = Assert.Single(SmallTraining.Train(model, recipe, Train[..4], []).Steps);
        Assert.Equal(recipe.LearningRate / 2, step.LearningRate);
        Assert.NotEqual(before, SmallTraining.Weights(model));
    }

    [Fact]
    public void Zero_epochs_leave_the_model_as_it_is()
    {
        using var model = SmallTraining.Model();
        var before = SmallTraining.Weights(model);
        var result = SmallTraining.Train(model, SmallTraining.Recipe with { Epochs = 0 }, Train, Validation);
        Assert.Empty(result.Steps);
        Assert.Equal((0, 0.0), (result.NumSamplesSeen, result.BestEpoch));
        Assert.Equal(before, SmallTraining.Weights(model));
        Assert.False(model.training);
    }

    [Fact]
    public void A_sample_that_cannot_be_learned_stops_the_training_before_its_first_step()
    {
        using var model = SmallTraining.Model();
        var before = SmallTraining.Weights(model);
        Assert.Throws<FineTuningException>(() =>
            SmallTraining.Train(model, SmallTraining.Recipe, [.. Train, Train[0] with { Images = [] }], []));
        Assert.Equal(before, SmallTraining.Weights(model));
    }

    [Theory]
    [InlineData(TrainedPart.Full, false)]
    [InlineData(TrainedPart.Full, true)]
    [InlineData(TrainedPart.Lora, false)]
    [InlineData(TrainedPart.Lora, true)]
    public void Live_tensors_stay_as_many_over_two_hundred_steps(TrainedPart trained, bool gradientCheckpointing)
    {
        var counts = new List<long>();
        var recipe = SmallTraining.LoraRecipe with { Trained = trained, Epochs = 67, LearningRate = 1e-4,
            GradientCheckpointing = gradientCheckpointing };
        using var model = SmallTraining.ModelFor(recipe);
        SmallTraining.Train(model, recipe, Train, Validation,
            new FineTuningCallbacks { Progress = _ => counts.Add(TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount) });
        Assert.Equal(201, counts.Count);
        // The copy of the best weights is made at the end of the first epoch, step 2.
        Assert.All(counts.Skip(4), count => Assert.Equal(counts[3], count));
    }

    [Fact]
    public void Progress_tells_every_step_of_how_many()
    {
        var told = new List<FineTuningProgress>();
        using var model = SmallTraining.Model();
        var result = SmallTraining.Train(model, SmallTraining.Recipe, Train, Validation, new FineTuningCallbacks { Progress = told.Add });
        Assert.Equal(result.Steps, told.Select(p => p.Step));
        Assert.All(told, p => Assert.Equal((9, 30L), (p.NumSteps, p.NumSamples)));
        Assert.Equal(30, told[^1].SamplesDone);
        Assert.All(told, p => Assert.True(p.SamplesPerSecond > 0));
    }

    private static void Fill(Llava model, string weight, double value)
    {
        using var noGradient = no_grad();
        model.named_parameters().Single(p => p.name == weight).parameter.fill_(value);
    }

    private static (SortedDictionary<string, byte[]> Weights, IReadOnlyList<TrainingStep> Steps) Weights(Recipe recipe)
    {
        using var model = SmallTraining.ModelFor(recipe);
        var result = SmallTraining.Train(model, recipe, Train, Validation);
        return (SmallTraining.Weights(model), result.Steps);
    }
}
