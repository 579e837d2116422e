using TorchSharp;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Scoring;

/// <summary>Scores of the prefix tree against scoring each answer alone, in one plain pass without a cache.</summary>
[Collection(TorchTests.Name)]
public sealed class AnswerScoringTests : IDisposable
{
    // Shared beginnings, one that is the beginning of another, one token only, a repeated token.
    private static readonly int[][] Answers = [[40, 41, 2], [40, 42, 2], [40, 41, 43, 44, 2], [50, 2], [7], [40, 40, 40, 2], [40]];

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly HuggingFace reference = HuggingFace.Tiny();
    private readonly Llava model = HuggingFace.TinyModel();

    [Fact]
    public void The_tree_scores_as_each_answer_alone()
    {
        var prompts = Prompts();
        var scores = AnswerScoring.LogLikelihoods(model, prompts, reference["pixel_values"], Answers);
        for (var row = 0; row < prompts.Length; row++)
            for (var answer = 0; answer < Answers.Length; answer++)
                Assert.Equal(Alone(prompts[row], reference["pixel_values"].narrow(0, row, 1), Answers[answer]), scores[row, answer], 1e-4);
    }

    [Fact]
    public void A_batch_scores_as_each_prompt_alone()
    {
        var prompts = Prompts();
        var together = AnswerScoring.LogLikelihoods(model, prompts, reference["pixel_values"], Answers);
        for (var row = 0; row < prompts.Length; row++)
        {
            var alone = AnswerScoring.LogLikelihoods(model, [prompts[row]], reference["pixel_values"].narrow(0, row, 1), Answers);
            for (var answer = 0; answer < Answers.Length; answer++) Assert.Equal(alone[0, answer], together[row, answer], 1e-4);
        }
    }

    [Fact]
    public void Text_prompts_and_answers_of_one_token_need_no_image_and_no_tree()
    {
        int[][] answers = [[7], [8], [9]];
        int[] prompt = [1, 20, 30, 40];
        var scores = AnswerScoring.LogLikelihoods(model, [prompt], null, answers);
        for (var answer = 0; answer < 3; answer++) Assert.Equal(Alone(prompt, null, answers[answer]), scores[0, answer], 1e-4);
    }

    [Fact]
    public void The_prefix_that_all_answers_share_is_computed_once()
    {
        var tree = new AnswerTree(Answers);
        // 40; 40 41; 40 41 43; 40 41 43 44; 40 42; 50; 40 40; 40 40 40.
        Assert.Equal(8, tree.NumNodes);
        Assert.Equal([40, 41, 42, 43, 44, 50, 40, 40], tree.Tokens);
        Assert.Equal([0, 1, 1, 2, 3, 0, 1, 2], tree.Depths);
    }

    [Fact]
    public void Scoring_leaves_training_mode_and_dropout_as_they_were()
    {
        using var adapted = new Llava(model.Config,
            new ModelOptions { Adapter = AdapterConfig.From(new TsVlm.Contracts.LoraSettings { Rank = 4, Alpha = 8, Dropout = 0.5 }) });
        adapted.InitialiseWeights(3);
        foreach (var (name, parameter) in adapted.named_parameters())
            if (name.Contains("lora_B", StringComparison.Ordinal)) { using var frozen = no_grad(); parameter.fill_(0.1); }
        adapted.train();
        var first = AnswerScoring.LogLikelihoods(adapted, [[1, 5]], null, [[7, 2], [8, 2]]);
        Assert.True(adapted.training);
        Assert.Equal(first, AnswerScoring.LogLikelihoods(adapted, [[1, 5]], null, [[7, 2], [8, 2]]));
    }

    [Fact]
    public void The_greedy_answer_is_what_the_model_generates_where_that_is_one_of_the_answers()
    {
        var prompts = Prompts();
        int[][] said = [.. prompts.Select((prompt, row) =>
        {
            var ids = tensor(prompt.Select(id => (long)id).ToArray()).unsqueeze(0);
            return Generation.Greedy(model, ids, ones_like(ids), reference["pixel_values"].narrow(0, row, 1), 3, endTokenId: null)[0];
        })];
        Assert.NotEqual(said[0], said[1]);
        int[] other = [said[1][0], said[1][1], said[1][2] + 1];

        Assert.Equal([1, 0], Greedy([said[1], said[0]]));
        Assert.Equal([0, null], Greedy([said[0], other]));
        Assert.Equal([null, null], Greedy([[7], [8, 9]]));

        IReadOnlyList<int?> Greedy(int[][] answers) => AnswerScoring.Score(model, prompts, reference["pixel_values"], answers).Greedy;
    }

    [Fact]
    public void Empty_or_equal_answers_and_empty_prompts_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AnswerScoring.LogLikelihoods(model, [[1]], null, []));
        Assert.Throws<ArgumentException>(() => AnswerScoring.LogLikelihoods(model, [[1]], null, [[7], []]));
        Assert.Throws<ArgumentException>(() => AnswerScoring.LogLikelihoods(model, [[1]], null, [[7, 2], [8, 2], [7, 2]]));
        Assert.Throws<ArgumentException>(() => AnswerScoring.LogLikelihoods(model, [[1], []], null, [[7], [8]]));
        Assert.Throws<ArgumentException>(() => AnswerScoring.LogLikelihoods(model, [], null, [[7], [8]]));
    }

    private int[][] Prompts() => [.. new[] { 0, 1 }.Select(row =>
        reference["input_ids"][row].data<long>().ToArray().Take((int)reference[$"single.{row}.logits"].shape[0]).Select(id => (int)id)
        .ToArray())];

    private double Alone(int[] prompt, Tensor? image, int[] answer)
    {
        using var inner = NewDisposeScope();
        using var frozen = no_grad();
        var ids = tensor(prompt.Concat(answer).Select(id => (long)id).ToArray()).unsqueeze(0);
        var scores = model.Forward(ids, ones_like(ids), image)[0].log_softmax(-1);
        return answer.Select((token, i) => (double)scores[prompt.Length - 1 + i, token].item<float>()).Sum();
    }

    public void Dispose()
    {
        model.Dispose();
        reference.Dispose();
        scope.Dispose();
    }
}
