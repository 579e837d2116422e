using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Tests.Training;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Scoring;

[Collection(TorchTests.Name)]
public sealed class RationaleWriterTests : IDisposable
{
    private static readonly ModelFolder Folder = ModelFolder.Open(HuggingFace.TinyFolder);
    private static readonly string Prompt = Folder.Inputs.Template.Prompt("Which class?", hasImage: false);
    private static readonly SampleEncoding AnswerFirst = new(Folder, new RationaleFormat(RationaleOrder.AnswerFirst));
    private static readonly SampleEncoding RationaleFirst = new(Folder, new RationaleFormat(RationaleOrder.RationaleFirst));
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("1", "range 4.2 above 2.9")]
    [InlineData("rising", "It rises, then \"falls\".")]
    [InlineData("1", "")]
    public void An_answer_before_its_rationale_is_scored_as_it_is_learnt(string answer, string rationale)
    {
        var sample = Sample(answer, rationale);
        var (prompt, learnt,
            scored) = (AnswerFirst.EncodePrompt(sample.Input).InputIds, AnswerFirst.Encode(sample),
                AnswerFirst.AnswerTokens(sample.Input, answer));
        Assert.Equal([.. prompt, .. scored], learnt.InputIds[..learnt.Rationale!.Start]);
        Assert.Equal(scored, learnt.TargetIds[prompt.Length..learnt.Rationale.Start]);
        Assert.Equal((learnt.InputIds.Length, AnswerFirst.EndTokenId), (learnt.Rationale.End, learnt.InputIds[^1]));
        // Weights are chosen by the very same tokens and nothing else.
        var validated = AnswerFirst.EncodeForValidation(sample with { Rationale = null });
        Assert.Equal([.. prompt, .. scored], validated.InputIds);
        Assert.Equal(scored, validated.TargetIds[prompt.Length..]);
        Assert.Null(validated.Rationale);
        Assert.All(validated.TargetIds[..prompt.Length], id => Assert.Equal(ConversationEncoding.IgnoredTarget, id));
    }

    [Theory]
    [InlineData("1", "range 4.2 above 2.9")]
    [InlineData("rising", "")]
    public void An_answer_behind_its_rationale_is_scored_as_it_is_learnt(string answer, string rationale)
    {
        var sample = Sample(answer, rationale);
        var learnt = RationaleFirst.Encode(sample);
        var behind = sample.Input with { Prompt = RationaleFormat.Given(Prompt, rationale) };
        var scored = RationaleFirst.AnswerTokens(behind, answer);
        Assert.Equal([.. RationaleFirst.EncodePrompt(behind).InputIds, .. scored], learnt.InputIds);
        Assert.Equal(learnt.InputIds.Length - scored.Length, learnt.Rationale!.End);
        Assert.Equal(RationaleFirst.EncodePrompt(sample.Input).InputIds.Length, learnt.Rationale.Start);
        // Weights are chosen by the answer alone, behind what the model writes.
        var validated = RationaleFirst.EncodeForValidation(sample with { Rationale = null });
        Assert.Equal(RationaleFirst.EncodePrompt(sample.Input).InputIds, validated.InputIds);
        Assert.Equal(0, validated.NumAnswerTokens);
        var written = validated.Given!(rationale);
        Assert.Equal(learnt.InputIds, written.InputIds);
        Assert.Equal(scored, written.TargetIds.Where(id => id != ConversationEncoding.IgnoredTarget));
    }

    [Fact]
    public void A_rationale_ends_with_its_line()
    {
        int[] tokens = [.. Folder.Tokenizer.EncodePlain("it  rises\nAnswer: 1")];
        Assert.Equal("it rises", RationaleFirst.RationaleOf(tokens));
        Assert.True(RationaleFirst.EndsRationale(tokens));
        Assert.False(RationaleFirst.EndsRationale(Folder.Tokenizer.EncodePlain("it rises")));
    }

    [Fact]
    public void A_row_ends_where_what_is_written_is_whole()
    {
        using var model = HuggingFace.TinyModel();
        using var scope = NewDisposeScope();
        var (ids, mask) = PromptBatch.Pad([RationaleFirst.EncodePrompt(Sample("1", "").Input).InputIds], model);
        var free = Generation.Greedy(model, ids, mask, null, 6, null)[0];
        Assert.Equal(free[..3], Generation.Greedy(model, ids, mask, null, 6, null, tokens => tokens.Count == 3)[0]);
    }

    [Fact]
    public void Each_validation_sample_is_completed_by_what_the_model_itself_writes_of_it()
    {
        using var model = HuggingFace.TinyModel();
        SampleInput[] inputs = [.. Enumerable.Range(0, 5)
            .Select(i => new SampleInput(Folder.Inputs.Template.Prompt(string.Concat(Enumerable.Repeat("Which? ", i + 1)), hasImage: false),
                null, 1))];
        var writer = new RationaleWriter(model, RationaleFirst, maxTokens: 7);
        List<EncodedSample> unwritten = [.. inputs.Select((input, i) => RationaleFirst.EncodeForValidation(new Sample(i, input, "1")))];
        var completed = writer.Complete(unwritten, RationaleFirst.Format(ComputeDevice.Cpu), null, 2,
            TestContext.Current.CancellationToken);
        foreach (var (sample, input) in completed.Zip(inputs))
        {
            var own = Assert.Single(writer.Write([RationaleFirst.EncodePrompt(input)]));
            Assert.Equal(unwritten[sample.Case].Given!(own).InputIds, sample.InputIds);
        }
        // Whatever the label is, the same is written.
        var other = writer.Complete([.. inputs.Select((input, i) => RationaleFirst.EncodeForValidation(new Sample(i, input, "0")))],
            RationaleFirst.Format(ComputeDevice.Cpu), null, 2, TestContext.Current.CancellationToken);
        Assert.Equal(completed.Select(Shown), other.Select(Shown));
        int[] Shown(EncodedSample sample) =>
            sample.InputIds[..Array.FindIndex(sample.TargetIds, id => id != ConversationEncoding.IgnoredTarget)];
    }

    [Fact]
    public void A_training_that_writes_rationales_for_its_validation_is_continued_to_the_same_bits()
    {
        var recipe = new Recipe
        {
            Epochs = 2, MicroBatchSize = 2, GradientAccumulation = 1, LearningRate = 3e-3, ProjectorLearningRate = 3e-3,
                Trained = TrainedPart.ProjectorAndLanguageModel,
        };
        List<EncodedSample> train = [.. Enumerable.Range(0, 6)
            .Select(i => RationaleFirst.Encode(Sample($"{i % 2}", i % 2 == 0 ? "it rises" : "it falls") with { Case = i }))];
        List<EncodedSample> validation = [.. Enumerable.Range(6, 3)
            .Select(i => RationaleFirst.EncodeForValidation(Sample($"{i % 2}", "") with { Case = i }))];
        FineTuningResult Train(Llava model, FineTuningCallbacks callbacks, string? from, CancellationToken cancellationToken) =>
            new FineTuner(model, RationaleFirst.Format(ComputeDevice.Cpu), recipe, 1, 1, TimeProvider.System, null,
                new RationaleWriter(model, RationaleFirst, 8))
                .Run(train, validation, callbacks, from, cancellationToken);

        using var undisturbed = HuggingFace.TinyModel();
        var expected = Train(undisturbed, new(), null, TestContext.Current.CancellationToken);
        Assert.Equal(2, expected.Steps.Count(step => step.ValidationLoss is not null));
        using (var stopped = HuggingFace.TinyModel())
        using (var stop = new CancellationTokenSource())
        {
            var callbacks = new FineTuningCallbacks { Progress = p => { if (p.Step.Step == 3)
                stop.Cancel(); }, Snapshot = state => state.Save(folder.Path) };
            Assert.Throws<OperationCanceledException>(() => { Train(stopped, callbacks, null, stop.Token); });
        }
        using var continued = HuggingFace.TinyModel();
        Assert.Equal(expected.Steps, Train(continued, new(), folder.Path, TestContext.Current.CancellationToken).Steps);
        Assert.Equal(SmallTraining.Weights(undisturbed), SmallTraining.Weights(continued));
    }

    public void Dispose() => folder.Dispose();

    private static Sample Sample(string answer, string rationale) =>
        new(0, new SampleInput(Prompt, null, 1), answer) { Rationale = rationale };
}
