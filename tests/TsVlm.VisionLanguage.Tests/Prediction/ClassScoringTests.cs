using TorchSharp;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Prediction;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Prediction;

/// <summary>Scores of classes whose answers have one token and several, from models that have learnt nothing.</summary>
[Collection(TorchTests.Name)]
public sealed class ClassScoringTests : IDisposable
{
    private const int NumModels = 40;
    private const int NumSeries = 4;

    private const int NumShort = 3;

    // Answers of one token, and of three to five; one more ends each.
    private static readonly string[] Classes = ["a", "b", "c", "rising", "falling", "steady"];
    private static readonly ModelFolder Folder = ModelFolder.Open(HuggingFace.TinyFolder);

    private readonly DisposeScope scope = NewDisposeScope();

    public ClassScoringTests() => set_num_threads(1);

    /// <summary>Half of the classes have answers of one token; a model that knows nothing has no reason to prefer them.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(AnswerScore.PerToken)]
    public void Zero_shot_answers_of_several_tokens_are_predicted_about_as_often_as_others(AnswerScore? score)
    {
        var share = ShareOfLong(new Recipe { Epochs = 0, AnswerScore = score });
        Assert.InRange(share, 0.35, 0.7);
    }

    [Fact]
    public void Likelihoods_of_models_that_learnt_nothing_choose_answers_of_one_token_alone() =>
        Assert.Equal(0, ShareOfLong(new Recipe { Epochs = 0, AnswerScore = AnswerScore.Likelihood }));

    [Fact]
    public void A_fine_tuned_model_s_score_is_the_log_likelihood_of_the_whole_answer() =>
        Assert.Equal(Scores(0, new Recipe { Epochs = 0, AnswerScore = AnswerScore.Likelihood }), Scores(0, new Recipe()));

    /// <summary>Zhao et al. 2021: probabilities divided by those of the blank input, and normalised.</summary>
    [Fact]
    public void Zero_shot_probabilities_are_those_of_the_answers_over_those_behind_a_blank_prompt()
    {
        var builder = Builder(Arm.Both);
        using var model = Model(0);
        var classifier = new AnswerClassifier(model, new SampleEncoding(Folder), numThreads: 1);
        var ofBlank = classifier.LogLikelihoods([builder.Blank()], Classes)[0].Select(Math.Exp).ToArray();
        var likelihoods = classifier.LogLikelihoods(Inputs(builder), Classes);
        var scores = Scores(0, new Recipe { Epochs = 0 });
        Assert.Equal(NumSeries, scores.Count);
        foreach (var (shown, row) in likelihoods.Zip(scores))
        {
            var ratios = shown.Zip(ofBlank, (likelihood, blank) => Math.Exp(likelihood) / blank).ToArray();
            Assert.All(ratios.Zip(TemperatureScaling.Probabilities(row)),
                pair => Assert.Equal(pair.First / ratios.Sum(), pair.Second, 1e-9));
        }
    }

    [Fact]
    public void An_input_that_shows_nothing_gives_every_class_the_same_score()
    {
        var scores = Scores(0, new Recipe { Epochs = 0 }, Arm.BlankImage);
        Assert.Equal(NumSeries, scores.Count);
        Assert.All(scores, row => Assert.Equal(new double[Classes.Length], row));
    }

    private static double ShareOfLong(Recipe recipe)
    {
        var rows = Enumerable.Range(0, NumModels).SelectMany(seed => Scores(seed, recipe)).ToList();
        return rows.Average(row => Array.IndexOf(row, row.Max()) >= NumShort ? 1.0 : 0);
    }

    private static IReadOnlyList<double[]> Scores(int seed, Recipe recipe, Arm arm = Arm.Both)
    {
        using var model = Model(seed);
        var builder = Builder(arm);
        var scoring = new ClassScoring(new AnswerClassifier(model, new SampleEncoding(Folder), numThreads: 1), probe: null, builder,
            new Scenario { Name = "test", Recipe = recipe });
        return scoring.Score(Inputs(builder), _ => { }, TestContext.Current.CancellationToken);
    }

    private static Llava Model(int seed)
    {
        var model = new Llava(LlavaConfig.Read(HuggingFace.TinyFolder), new ModelOptions());
        model.InitialiseWeights(seed);
        model.eval();
        return model;
    }

    private static SampleBuilder Builder(Arm arm)
    {
        var text = arm is Arm.BlankImage ? TextKind.None : TextKind.Baseline;
        var representation = new Representation { Arm = arm, Text = text, ContextLength = 250 };
        return new(FittedRepresentation.Fit(representation, Folder.Inputs, Classes, [.. Series]), Folder.Inputs);
    }

    private static SampleInput[] Inputs(SampleBuilder builder) => [.. Series.Select(builder.Build)];

    private static IEnumerable<TimeSeries> Series => Enumerable.Range(0, NumSeries).Select(number =>
    {
        var random = new Random(number);
        return new TimeSeries([[.. Enumerable.Range(0, 8).Select(_ => random.NextDouble())]]);
    });

    public void Dispose() => scope.Dispose();
}
