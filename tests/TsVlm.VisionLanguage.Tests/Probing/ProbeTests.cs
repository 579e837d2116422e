using TsVlm.Contracts;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Probing;
using TsVlm.VisionLanguage.Tests.Training;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Probing;

public sealed class ProbeTests : IDisposable
{
    private static readonly Recipe Recipe = SmallTraining.Recipe with { ReadOut = ReadOut.AnswerProbe, Guard = true };
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Answer_states_are_those_of_the_last_eight_tokens_of_each_prompt_whatever_the_padding()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = SmallTraining.Model();
        model.eval();
        using var batch = Batch.Of(Prompts(5), SmallTraining.Format);
        var states = model.AnswerStates(batch.InputIds, batch.AttentionMask, batch.Images);
        var all = model.HiddenStates(batch.InputIds, batch.AttentionMask, batch.Images);
        Assert.Equal([5, 8, SmallTraining.Config.Text.Width], states.shape);
        for (var row = 0; row < 5; row++)
        {
            var length = (int)batch.AttentionMask[row].sum().Value<long>();
            for (var back = 1; back <= 8; back++)
                Assert.True(all[row, length - back].allclose(states[row, 8 - back], atol: 1e-5));
        }
    }

    [Theory]
    [InlineData(ReadOut.TowerProbe, 2 * 1 * 16)]
    [InlineData(ReadOut.AnswerProbe, 8 * 32)]
    public void Features_have_their_size_and_do_not_depend_on_the_others_of_a_batch(ReadOut readOut, int size)
    {
        using var model = SmallTraining.Model();
        var reading = new ProbeReading(model, readOut);
        Assert.Equal([size], reading.Parts(Prompts(1)[0]).Sizes);
        var told = new List<int>();
        var together = reading.ReadAll(Prompts(20), SmallTraining.Format, told.Add, TestContext.Current.CancellationToken);
        Assert.Equal([16, 20], told);
        foreach (var (prompt, features) in Prompts(20).Zip(together))
        {
            var alone = Assert.Single(reading.ReadAll([prompt], SmallTraining.Format, _ => { }, TestContext.Current.CancellationToken));
            Assert.Equal(size, features.Length);
            Assert.All(alone.Zip(features), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    /// <summary>Two channels of four windows: wholes, mean and maximum of the windows, statistics.</summary>
    [Fact]
    public void Features_of_channels_and_windows_are_in_their_places()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = SmallTraining.Model();
        model.eval();
        var images = Prompts(8).SelectMany(prompt => prompt.Images).ToList();
        var sample = Prompts(1)[0] with { Images = images, NumWindows = 4, Statistics = [7, 8, 9] };
        var reading = new ProbeReading(model, ReadOut.TowerProbe);
        var parts = reading.Parts(sample);
        Assert.Equal([2 * 32, 2 * 64, 3], parts.Sizes);
        Assert.All(parts.Shares, shares => Assert.Equal(1, shares.Sum(), 12));
        Assert.Equal([1, 0, 0], parts.Shares[0]);
        Assert.Equal(10, parts.Shares.Count);
        var features = Assert.Single(reading.ReadAll([sample], SmallTraining.Format, _ => { }, TestContext.Current.CancellationToken));
        var each = model.VisionSummary(SmallTraining.Images.ToTensor(images)!).flatten(1);                    // (8, 32)
        foreach (var channel in (int[])[0, 1])
        {
            var windows = each.narrow(0, (channel * 4) + 1, 3);
            Close(each[channel * 4], features.AsSpan(channel * 32, 32));
            Close(cat([windows.mean([0]), windows.amax([0])]), features.AsSpan(64 + (channel * 64), 64));
        }
        Assert.Equal([7f, 8f, 9f], features[192..]);

        static void Close(Tensor expected, ReadOnlySpan<float> found) =>
            Assert.True(expected.allclose(tensor(found.ToArray()), atol: 1e-5));
    }

    /// <summary>What is computed in another batch differs in its last digits, from which a probe would learn.</summary>
    [Theory]
    [InlineData(ReadOut.TowerProbe)]
    [InlineData(ReadOut.AnswerProbe)]
    public void Samples_that_look_the_same_have_the_same_features_to_the_last_bit(ReadOut readOut)
    {
        using var model = SmallTraining.Model();
        var blank = Prompts(1)[0];
        var samples = Prompts(40).Select((prompt, i) => i % 2 == 0 ? blank with { Case = i, Class = i % 3 } : prompt).ToList();
        IReadOnlyList<float[]> Read(ReadOut of, IReadOnlyList<EncodedSample> read) =>
            new ProbeReading(model, of).ReadAll(read, SmallTraining.Format, _ => { }, TestContext.Current.CancellationToken);
        var features = Read(readOut, samples);
        Assert.Equal(40, features.Count);
        for (var i = 0; i < 40; i += 2) Assert.Equal(features[0], features[i]);
        for (var i = 1; i < 40; i += 2) Assert.NotEqual(features[0], features[i]);
        var statistics = Read(ReadOut.TowerProbe, [blank with { Statistics = [1] }, blank with { Statistics = [2] }]);
        Assert.Equal([1f, 2f], statistics.Select(row => row[^1]));
    }

    [Fact]
    public void A_probe_on_the_tower_needs_images_and_says_so()
    {
        using var model = SmallTraining.Model();
        var blind = Enumerable.Range(0, 2).Select(number => new EncodedSample(number, [1, 5, 6], [-100, -100, -100], []) { Class = 0 })
            .ToList();
        using var batch = Batch.Of(blind, SmallTraining.Format);
        var error = Assert.Throws<ArgumentException>(() => new ProbeReading(model, ReadOut.TowerProbe).Read(batch));
        Assert.StartsWith("Cases 0, 1: expected equally many images each for a probe on the vision tower, found 0.", error.Message);
    }

    [Fact]
    public void A_probe_scales_its_scores_and_is_the_same_from_its_file()
    {
        using var scope = NewDisposeScope();
        using var probe = new LinearProbe([1, 2, 3, 4, 5, 6], [0.5, -0.5], 2, CPU);   // (3 features, 2 classes)
        var scores = probe.forward(tensor(new float[] { 1, 0, -1 }).unsqueeze(0));
        Assert.Equal([2 * (1 - 5 + 0.5f), 2 * (2 - 6 - 0.5f)], scores.data<float>().ToArray());
        probe.Save(folder.Path);
        using var loaded = LinearProbe.Load(folder.Path, CPU);
        Assert.Equal((3, 2), (loaded.NumFeatures, loaded.NumClasses));
        Assert.Equal(scores.data<float>().ToArray(), loaded.forward(tensor(new float[] { 1, 0, -1 }).unsqueeze(0)).data<float>().ToArray());
    }

    [Fact]
    public void Model_and_probe_learn_together()
    {
        using var model = SmallTraining.ModelFor(Recipe);
        using var probe = Zero(model);
        var result = Tuner(model, probe, Recipe with { Epochs = 8 })
            .Run(Prompts(24), Prompts(9, 24), new FineTuningCallbacks(), null, TestContext.Current.CancellationToken);
        Assert.False(result.KeptStart);
        Assert.Equal(Math.Log(3), result.Steps[0].Loss, 1e-5);   // a probe of zeros knows nothing of three classes
        Assert.InRange(result.BestValidationLoss!.Value, 0, 0.3);
        var (before, after) = (SmallTraining.Weights(SmallTraining.ModelFor(Recipe)), SmallTraining.Weights(model));
        Assert.NotEqual(before["language_model.model.layers.0.mlp.up_proj.weight"],
            after["language_model.model.layers.0.mlp.up_proj.weight"]);
        Assert.Equal(before["language_model.lm_head.weight"], after["language_model.lm_head.weight"]);   // not read
    }

    [Fact]
    public void The_guard_keeps_the_start_where_fine_tuning_makes_it_worse()
    {
        var ruinous = Recipe with { LearningRate = 0.5, ProjectorLearningRate = 0.5, WarmupRatio = 0 };
        using var model = SmallTraining.ModelFor(ruinous);
        using var probe = Zero(model);
        var before = SmallTraining.Weights(model);
        var result = Tuner(model, probe, ruinous)
            .Run(Prompts(12), Prompts(9, 12), new FineTuningCallbacks(), null, TestContext.Current.CancellationToken);
        Assert.True(result.KeptStart);
        Assert.Equal(0, result.BestEpoch);
        Assert.Equal(Math.Log(3), result.BestValidationLoss!.Value, 1e-4);
        Assert.Equal(before, SmallTraining.Weights(model));
        Assert.All(probe.parameters(), weights => Assert.Equal(0, weights.abs().sum().Value<float>()));

        using var unguarded = SmallTraining.ModelFor(ruinous);
        using var other = Zero(unguarded);
        Tuner(unguarded, other, ruinous with { Guard = false })
            .Run(Prompts(12), Prompts(9, 12), new FineTuningCallbacks(), null, TestContext.Current.CancellationToken);
        Assert.NotEqual(before, SmallTraining.Weights(unguarded));
    }

    [Fact]
    public void A_probe_s_training_that_was_stopped_goes_on_to_the_same_bits()
    {
        using var model = SmallTraining.ModelFor(Recipe);
        using var probe = Zero(model);
        Tuner(model, probe, Recipe)
            .Run(Prompts(12), Prompts(6, 12), new FineTuningCallbacks(), null, TestContext.Current.CancellationToken);

        using var stop = new CancellationTokenSource();
        using (var first = SmallTraining.ModelFor(Recipe))
        using (var begun = Zero(first))
        {
            var callbacks = new FineTuningCallbacks
            {
                Snapshot = state => state.Save(folder.File("snapshot")),
                Progress = at =>
                {
                    if (at.Step.Step == 4) stop.Cancel();
                },
            };
            Assert.ThrowsAny<OperationCanceledException>(() => Tuner(first, begun, Recipe)
                .Run(Prompts(12), Prompts(6, 12), callbacks, null, stop.Token));
        }
        using var second = SmallTraining.ModelFor(Recipe);
        using var continued = Zero(second);
        var result = Tuner(second, continued, Recipe)
            .Run(Prompts(12), Prompts(6, 12), new FineTuningCallbacks(), folder.File("snapshot"), TestContext.Current.CancellationToken);
        Assert.Equal(9, result.Steps.Count);
        Assert.Equal(SmallTraining.Weights(model), SmallTraining.Weights(second));
        Assert.Equal(probe.parameters().Select(p => Convert.ToHexString(p.bytes)), continued.parameters()
            .Select(p => Convert.ToHexString(p.bytes)));
    }

    [Fact]
    public void Labels_are_smoothed_where_the_model_learns_and_not_where_it_is_validated()
    {
        using var scope = NewDisposeScope();
        using var model = SmallTraining.Model();
        using var probe = new LinearProbe([.. Enumerable.Range(0, 256 * 3).Select(i => Math.Sin(i))], [0, 0, 0], 1, CPU);
        using var batch = Batch.Of(Prompts(6), SmallTraining.Format);
        var (plain, smooth) = (new ProbeObjective(model, probe, Recipe),
            new ProbeObjective(model, probe, Recipe with { LabelSmoothing = 0.3 }));
        model.eval();
        Assert.Equal(plain.Loss(batch).Value<float>(), smooth.Loss(batch).Value<float>());
        model.train();
        Assert.NotEqual(plain.Loss(batch).Value<float>(), smooth.Loss(batch).Value<float>());
        Assert.Equal(6, plain.CountTargets(batch));
    }

    public void Dispose() => folder.Dispose();

    private static FineTuner Tuner(Llava model, LinearProbe probe, Recipe recipe) =>
        new(model, SmallTraining.Format, recipe, seed: 3, numThreads: 1, TimeProvider.System, probe);

    private static LinearProbe Zero(Llava model) => new(new double[model.AnswerStatesSize * 3], new double[3], 1, CPU);

    /// <summary>The prompts of the small training's samples, without their answers.</summary>
    private static List<EncodedSample> Prompts(int count, int firstCase = 0) => [.. SmallTraining.Samples(count, firstCase).Select(sample =>
        new EncodedSample(sample.Case, sample.InputIds[..^2], [.. sample.TargetIds[..^2]], sample.Images) { Class = sample.Case % 3 })];
}
