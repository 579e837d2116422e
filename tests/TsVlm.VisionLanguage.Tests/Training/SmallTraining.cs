using System.Text;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Training;

/// <summary>A model of a few thousand weights and samples it can learn: the answer is a token that the image's colour gives away.</summary>
internal static class SmallTraining
{
    public const int ImageToken = 39;
    public const int PadId = 0;
    public const int NumImageTokens = 4;
    private const int FirstAnswer = 30;

    public static LlavaConfig Config { get; } = new()
    {
        Vision = new VisionConfig { Width = 16, FeedForwardWidth = 32, NumLayers = 2, NumHeads = 2, ImageSize = 28, PatchSize = 14 },
        Text = new TextConfig
        {
            VocabularySize = 40, Width = 32, FeedForwardWidth = 64, NumLayers = 2, NumHeads = 2, NumKeyValueHeads = 1, HeadWidth = 16,
                ContextLength = 24,
        },
        ImageTokenId = ImageToken,
    };

    public static ImageProcessor Images { get; } = ImageProcessor.Parse(Encoding.UTF8.GetBytes("""
        { "size": { "shortest_edge": 28 }, "crop_size": { "height": 28, "width": 28 }, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5] }
        """), "small model");

    public static BatchFormat Format { get; } = new(Images, PadId, CPU);

    public static Recipe Recipe { get; } = new()
    {
        Epochs = 3, MicroBatchSize = 2, GradientAccumulation = 2, LearningRate = 3e-3, ProjectorLearningRate = 3e-3, WarmupRatio = 0.1,
        Trained = TrainedPart.ProjectorAndLanguageModel,
    };

    public static Recipe LoraRecipe { get; } =
        Recipe with { Trained = TrainedPart.Lora, Lora = new LoraSettings { Rank = 4, Alpha = 8, Dropout = 0.2 } };

    public static Llava Model(LoraSettings? lora = null) =>
        Model(new ModelOptions { Adapter = lora is null ? null : AdapterConfig.From(lora), Seed = 5 });

    public static Llava ModelFor(Recipe recipe) => Model(ModelOptions.ForTraining(recipe, seed: 5, ComputeDevice.Cpu));

    private static Llava Model(ModelOptions options)
    {
        var model = new Llava(Config, options);
        model.InitialiseWeights(7);
        return model;
    }

    /// <summary>Samples of unequal length in three classes, numbered from <paramref name="firstCase"/>.</summary>
    public static List<EncodedSample> Samples(int count, int firstCase = 0) => [.. Enumerable.Range(firstCase, count).Select(Sample)];

    /// <summary>The same model, wide enough for the tensor library to share its work among threads.</summary>
    public static Llava WideModel()
    {
        var model = new Llava(Config with
        {
            Vision = Config.Vision with { Width = 128, FeedForwardWidth = 512 },
            Text = Config.Text with { Width = 256, FeedForwardWidth = 512, NumHeads = 4, NumKeyValueHeads = 2, HeadWidth = 64 },
        });
        model.InitialiseWeights(7);
        return model;
    }

    public static FineTuner Tuner(Llava model, Recipe recipe, int seed = 3) =>
        new(model, Format, recipe, seed, numThreads: 1, TimeProvider.System);

    public static FineTuningResult Train(
        Llava model, Recipe recipe, IReadOnlyList<EncodedSample> train, IReadOnlyList<EncodedSample> validation,
        FineTuningCallbacks? callbacks = null, string? continueFrom = null) =>
        Tuner(model, recipe)
        .Run(train, validation, callbacks ?? new FineTuningCallbacks(), continueFrom, TestContext.Current.CancellationToken);

    /// <summary>Every weight's bytes under its name.</summary>
    public static SortedDictionary<string, byte[]> Weights(Llava model) =>
        new(model.named_parameters()
            .ToDictionary(p => p.name, p => p.parameter.bytes.ToArray(), StringComparer.Ordinal), StringComparer.Ordinal);

    private static EncodedSample Sample(int number)
    {
        var label = number % 3;
        var random = new Random(number);
        var image = new byte[28 * 28 * 3];
        for (var i = 0; i < image.Length; i++) image[i] = (byte)(random.Next(60) + (i % 3 == label ? 180 : 20));
        var question = Enumerable.Range(0, 3 + number % 5).Select(_ => random.Next(3, 20));
        int[] ids = [1, .. Enumerable.Repeat(ImageToken, NumImageTokens), .. question, FirstAnswer + label, 2];
        var targets = Enumerable.Repeat(ConversationEncoding.IgnoredTarget, ids.Length).ToArray();
        ids.AsSpan(^2).CopyTo(targets.AsSpan(^2));
        return new EncodedSample(number, ids, targets, [image]);
    }
}
