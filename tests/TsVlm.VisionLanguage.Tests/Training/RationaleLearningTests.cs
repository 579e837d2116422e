using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class RationaleLearningTests : IDisposable
{
    private const int Separator = 21;
    private const int EndToken = 2;
    private static readonly List<EncodedSample> Validation = SmallTraining.Samples(4, firstCase: 100);
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_weighted_loss_is_the_mean_of_its_targets_by_their_weights()
    {
        using var scope = NewDisposeScope();
        using var model = SmallTraining.Model();
        model.eval();
        EncodedSample[] samples = [.. Explained(2).Select(s => s with { RationaleWeight = 0.25 })];
        using var batch = Batch.Of(samples, SmallTraining.Format);
        using var answers = Batch.Of([.. samples.Select(s => Masked(s, isRationale: true))], SmallTraining.Format);
        using var rationales = Batch.Of([.. samples.Select(s => Masked(s, isRationale: false))], SmallTraining.Format);
        double LossOf(Batch of) => model.Loss(of.InputIds, of.AttentionMask, of.Images, of.TargetIds, of.Weights).Value<float>();
        var (numAnswers, numRationales) = (answers.CountAnswerTokens(), rationales.CountAnswerTokens());
        Assert.Equal(numAnswers + (0.25 * numRationales), batch.SumOfWeights(), 1e-6);
        Assert.Equal(((numAnswers * LossOf(answers)) + (0.25 * numRationales * LossOf(rationales))) / batch.SumOfWeights(), LossOf(batch),
            1e-5);
    }

    [Fact]
    public void At_weight_zero_a_rationale_teaches_nothing()
    {
        var recipe = SmallTraining.Recipe with { RationaleWeight = 0 };
        using var one = SmallTraining.Model();
        using var other = SmallTraining.Model();
        using var answers = SmallTraining.Model();
        var steps = SmallTraining.Train(one, recipe, Explained(10), Validation).Steps;
        SmallTraining.Train(other, recipe, Explained(10, word: 11), Validation);
        Assert.Equal(SmallTraining.Weights(one), SmallTraining.Weights(other));
        // Nor does it change what the answers teach.
        List<EncodedSample> without = [.. Explained(10)
            .Select(s => s with { InputIds = s.InputIds[..s.Rationale!.Start], TargetIds = s.TargetIds[..s.Rationale.Start],
                Rationale = null })];
        foreach (var (expected, actual) in SmallTraining.Train(answers, SmallTraining.Recipe, without, Validation).Steps.Zip(steps))
        {
            Assert.Equal(expected.Loss, actual.Loss, 1e-4);
            Assert.Equal(expected.ValidationLoss ?? 0, actual.ValidationLoss ?? 0, 1e-4);
        }
        // At another weight it does teach.
        using var taught = SmallTraining.Model();
        SmallTraining.Train(taught, recipe with { RationaleWeight = 0.3 }, Explained(10), Validation);
        Assert.NotEqual(SmallTraining.Weights(one), SmallTraining.Weights(taught));
    }

    [Fact]
    public void Rationales_are_left_out_of_a_share_of_the_samples_drawn_anew_in_each_epoch()
    {
        var (learning, samples) = (new RationaleLearning(new Recipe { RationaleDropout = 0.4 }, seed: 7), Explained(400));
        bool[] LeftOut(int pass) => [.. samples.Select((s, i) => learning.Of(s, i, pass).InputIds.Length < s.InputIds.Length)];
        var (first, second) = (LeftOut(0), LeftOut(1));
        Assert.Equal(first, LeftOut(0));
        Assert.InRange(first.Count(isLeftOut => isLeftOut), 120, 200);
        Assert.InRange(first.Zip(second).Count(p => p.First != p.Second), 120, 260);
        var alone = learning.Of(samples[Array.IndexOf(first, true)], Array.IndexOf(first, true), 0);
        Assert.Equal([Separator, EndToken], alone.InputIds[^2..]);
        Assert.Equal(alone.InputIds[^3..], alone.TargetIds[^3..]);
        var whole = new RationaleLearning(new Recipe(), seed: 7);
        Assert.All(samples.Index(), s => Assert.Same(s.Item.InputIds, whole.Of(s.Item, s.Index, 0).InputIds));
    }

    [Fact]
    public void A_rationale_before_its_answer_cannot_be_left_out()
    {
        EncodedSample before = Explained(1)[0] is var sample
            ? sample with { Rationale = new(sample.Rationale!.Start, sample.Rationale.End - 1) } : null!;
        var learning = new RationaleLearning(new Recipe { RationaleDropout = 0.99 }, seed: 0);
        Assert.Contains("Case 0: expected the rationale behind the answer",
            Assert.Throws<FineTuningException>(() => Enumerable.Range(0, 50).Select(i => learning.Of(before, i, 0)).Last()).Message);
    }

    [Fact]
    public void Micro_batches_of_weighted_targets_are_one_large_one()
    {
        var recipe = SmallTraining.Recipe with { RationaleWeight = 0.3, RationaleDropout = 0.5 };
        using var cut = SmallTraining.Model();
        using var whole = SmallTraining.Model();
        var cutSteps = SmallTraining.Train(cut, recipe with { MicroBatchSize = 2, GradientAccumulation = 2 }, Explained(10), []).Steps;
        var wholeSteps = SmallTraining.Train(whole, recipe with { MicroBatchSize = 4, GradientAccumulation = 1 }, Explained(10), []).Steps;
        foreach (var (expected, actual) in wholeSteps.Zip(cutSteps))
        {
            Assert.Equal(expected.Loss, actual.Loss, (1e-6 * expected.Loss) + 1e-6);
            Assert.Equal(expected.GradientNorm, actual.GradientNorm, 1e-4 * expected.GradientNorm);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_training_with_rationales_that_is_stopped_and_continued_ends_with_the_same_bits(int stopAfter)
    {
        var recipe = SmallTraining.LoraRecipe with { RationaleWeight = 0.3, RationaleDropout = 0.5 };
        using var undisturbed = SmallTraining.ModelFor(recipe);
        var expected = SmallTraining.Train(undisturbed, recipe, Explained(10), Validation);
        using (var stopped = SmallTraining.ModelFor(recipe))
        using (var stop = new CancellationTokenSource())
        {
            var callbacks = new FineTuningCallbacks { Progress = p => { if (p.Step.Step + 1 == stopAfter)
                stop.Cancel(); }, Snapshot = state => state.Save(folder.Path) };
            Assert.Throws<OperationCanceledException>(() => { SmallTraining.Tuner(stopped, recipe)
                .Run(Explained(10), Validation, callbacks, null, stop.Token); });
        }
        using var continued = SmallTraining.ModelFor(recipe);
        var actual = SmallTraining.Train(continued, recipe, Explained(10), Validation, continueFrom: folder.Path);
        Assert.Equal(expected.Steps, actual.Steps);
        Assert.Equal(SmallTraining.Weights(undisturbed), SmallTraining.Weights(continued));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Samples whose answers are followed by a separator, some words and the end token.</summary>
    private static List<EncodedSample> Explained(int count, int word = 10) => [.. SmallTraining.Samples(count).Select(sample =>
    {
        var words = Enumerable.Range(0, 1 + (sample.Case % 3)).Select(i => word + i).ToArray();
        int[] behind = [Separator, .. words, EndToken];
        return sample with
        {
            InputIds = [.. sample.InputIds[..^1], .. behind],
            TargetIds = [.. sample.TargetIds[..^1], .. behind],
            Rationale = new(sample.InputIds.Length, sample.InputIds.Length - 1 + behind.Length),
        };
    })];

    private static EncodedSample Masked(EncodedSample sample, bool isRationale)
    {
        var place = sample.Rationale!;
        return sample with
        {
            TargetIds = [.. sample.TargetIds.Select((id, i) => (i >= place.Start && i < place.End) == isRationale
                ? ConversationEncoding.IgnoredTarget : id)],
            Rationale = null, RationaleWeight = 1,
        };
    }
}
