using System.Diagnostics;
using TorchSharp;
using TsVlm.Contracts;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Tests.Training;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Architecture;

/// <summary>A model in bfloat16: what is stored how, what it computes, and how its training follows the one in float32.</summary>
[Collection(TorchTests.Name)]
public sealed class PrecisionTests : IDisposable
{
    // A step's loss in bfloat16 may differ by this much of the float32 one: activations carry 8 bits, each about 0.4 % wide, and errors
    // average out.
    private const double LossTolerance = 0.01;

    private readonly DisposeScope scope = NewDisposeScope();

    [Theory]
    [InlineData(null, "")]
    [InlineData(TrainedPart.Lora, "multi_modal_projector")]
    [InlineData(TrainedPart.ProjectorAndLanguageModel, "multi_modal_projector language_model")]
    [InlineData(TrainedPart.Full, "multi_modal_projector language_model vision_tower")]
    public void Frozen_weights_are_bfloat16_and_weights_that_learn_float32(TrainedPart? trained, string wide)
    {
        using var model = new Llava(SmallTraining.Config,
            Narrow with { Trained = trained, Adapter = AdapterConfig.From(SmallTraining.LoraRecipe.Lora) });
        foreach (var (name, parameter) in model.named_parameters())
        {
            var isWide = name.Contains(".lora_", StringComparison.Ordinal) || wide.Split(' ').Contains(name.Split('.')[0]);
            Assert.True(parameter.dtype == (isWide ? ScalarType.Float32 : ScalarType.BFloat16), $"{name} is {parameter.dtype}.");
        }
    }

    [Fact]
    public void Without_options_every_weight_is_float32() =>
        Assert.All(SmallTraining.Model().parameters(), weight => Assert.Equal(ScalarType.Float32, weight.dtype));

    [Fact]
    public void States_and_loss_in_bfloat16_are_near_hugging_face_on_the_same_weights()
    {
        var shards = TestFolders.Fixture("llava-tiny-newnames-bf16-sharded");
        using var reference = new HuggingFace("llava-tiny/inputs.safetensors", "llava-tiny-newnames-bf16-sharded/expected.safetensors");
        using var model = new Llava(LlavaConfig.Read(shards), Narrow);
        Checkpoint.Load(model, shards);
        using var frozen = no_grad();
        var (ids, mask, images) = (reference["input_ids"], reference["attention_mask"], reference["pixel_values"]);
        var logits = model.Forward(ids, mask, images);
        Assert.Equal(ScalarType.BFloat16, logits.dtype);
        var kept = mask.ne(0);
        Close.Relatively(reference["logits"][kept], logits.to(ScalarType.Float32)[kept], 0.02, "logits");
        var loss = model.Loss(ids, mask, images, reference["labels"]);
        Assert.Equal(ScalarType.Float32, loss.dtype);
        Close.To(reference["loss"], loss.reshape(1), 0.01 * reference["loss"].item<float>(), "loss");
    }

    [Fact]
    public void A_model_with_float32_masters_computes_bit_for_bit_what_one_stored_in_bfloat16_does()
    {
        using var reference = HuggingFace.Tiny();
        using var stored = HuggingFace.TinyModel(Narrow);
        using var masters = HuggingFace.TinyModel(Narrow with { Trained = TrainedPart.Full });
        using var frozen = no_grad();
        var (ids, mask, images) = (reference["input_ids"], reference["attention_mask"], reference["pixel_values"]);
        Assert.Equal(ScalarType.Float32, masters.Decoder.EmbeddingWeight.dtype);
        Assert.True(stored.Forward(ids, mask, images).bytes.SequenceEqual(masters.Forward(ids, mask, images).bytes));
    }

    [Theory]
    [InlineData(TrainedPart.Lora)]
    [InlineData(TrainedPart.ProjectorAndLanguageModel)]
    [InlineData(TrainedPart.Full)]
    public void Gradients_reach_only_what_learns_and_are_float32_as_the_optimizers_state_is(TrainedPart trained)
    {
        var recipe = SmallTraining.LoraRecipe with { Trained = trained, Precision = Precision.BFloat16 };
        using var model = SmallTraining.ModelFor(recipe);
        var parameters = TrainedParameters.Choose(model, recipe);
        using var batch = Batch.Of(SmallTraining.Samples(2), SmallTraining.Format);
        using (var loss = model.Loss(batch.InputIds, batch.AttentionMask, batch.Images, batch.TargetIds)) loss.backward();
        var learning = parameters.Select(p => p.Name).ToHashSet();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (!learning.Contains(name)) Assert.True(parameter.grad is null, name);
            else if (parameter.grad is { } gradient)
                Assert.True(gradient.dtype is ScalarType.Float32 && gradient.isfinite().all().item<bool>(), name);
            // The last vision layer and the norm above it are not read.
            else Assert.True(name.Contains("layers.1.", StringComparison.Ordinal)
                || name.Contains("post_layernorm", StringComparison.Ordinal), name);
        }
        using var optimizer = new AdamW(parameters, 0);
        Assert.All(optimizer.State,
            moments => Assert.Equal((ScalarType.Float32, ScalarType.Float32), (moments.First.dtype, moments.Second.dtype)));
    }

    [Theory]
    [InlineData(TrainedPart.Lora)]
    [InlineData(TrainedPart.Full)]
    public void Eight_steps_in_bfloat16_follow_the_losses_in_float32(TrainedPart trained)
    {
        var recipe = SmallTraining.LoraRecipe with
        {
            Trained = trained, Epochs = 4, LearningRate = 0.01, ProjectorLearningRate = 0.01,
                Lora = SmallTraining.LoraRecipe.Lora with { Dropout = 0 },
        };
        var samples = SmallTraining.Samples(8);
        using var wide = SmallTraining.ModelFor(recipe);
        var expected = SmallTraining.Train(wide, recipe, samples, []).Steps;
        var narrowRecipe = recipe with { Precision = Precision.BFloat16 };
        using var narrow = SmallTraining.ModelFor(narrowRecipe);
        var actual = SmallTraining.Train(narrow, narrowRecipe, samples, []).Steps;
        Assert.Equal(8, actual.Count);
        foreach (var (a, b) in expected.Zip(actual)) Assert.InRange(b.Loss, a.Loss * (1 - LossTolerance), a.Loss * (1 + LossTolerance));
        Assert.NotEqual(expected.Select(step => step.Loss), actual.Select(step => step.Loss));
        Assert.True(actual[^1].Loss < 0.95 * actual[0].Loss, $"{actual[^1].Loss} after {actual[0].Loss}");
    }

    [Theory]
    [InlineData("7B", 32, 4096, 11008, 32)]
    [InlineData("13B", 40, 5120, 13824, 40)]
    public void On_the_meta_device_a_true_llava_is_made_at_once_and_its_bytes_can_be_planned(string size, int layers, int width,
        int feedForward, int heads)
    {
        var config = LlavaConfig.Parse($$"""
            { "model_type": "llava", "text_config": { "vocab_size": 32064, "num_hidden_layers": {{layers}}, "hidden_size": {{width}},
              "intermediate_size": {{feedForward}}, "num_attention_heads": {{heads}} } }
            """, size);
        var watch = Stopwatch.StartNew();
        using var model = new Llava(config,
            ModelOptions.ForTraining(new Recipe { Precision = Precision.BFloat16 }, seed: 1, ComputeDevice.Cpu) with { Device = META });
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        var adapters = model.named_parameters().Where(p => p.name.Contains(".lora_", StringComparison.Ordinal))
            .Sum(p => p.parameter.NumberOfElements);
        Assert.Equal(layers * 128L * ((4 * 2 * width) + (3 * (width + feedForward))), adapters);
        Assert.Equal(config.NumParameters + adapters, model.parameters().Sum(weight => weight.NumberOfElements));
        var projector = (1024L * width) + ((long)width * width) + (2 * width);
        Assert.Equal((2 * (config.NumParameters - projector)) + (4 * (projector + adapters)), model.parameters()
            .Sum(weight => weight.NumberOfElements * weight.ElementSize));
        Assert.All(model.parameters(), weight => Assert.Equal(DeviceType.META, weight.device_type));
    }

    [Fact]
    public void Every_tensor_made_in_training_and_scoring_is_on_the_models_device_whatever_the_default_is()
    {
        var recipe = SmallTraining.LoraRecipe with { Precision = Precision.BFloat16 };
        using var model = SmallTraining.ModelFor(recipe);
        using var reference = HuggingFace.Tiny();
        using var tiny = HuggingFace.TinyModel();
        using var batch = Batch.Of(SmallTraining.Samples(2), SmallTraining.Format);
        model.train();
        // A tensor made without a device would now be on another one, and whatever it meets would fail.
        set_default_device(META);
        try
        {
            using (var loss = model.Loss(batch.InputIds, batch.AttentionMask, batch.Images, batch.TargetIds)) loss.backward();
            // Padding on the left needs a mask of its own, answers one of their tree.
            Generation.Greedy(tiny, reference["left_padded.input_ids"], reference["left_padded.attention_mask"], reference["pixel_values"],
                3, null);
            AnswerScoring.LogLikelihoods(tiny, [[1, 5, 6], [1, 7]], null, [[8, 2], [8, 9, 2]]);
        }
        finally
        {
            set_default_device(CPU);
        }
    }

    private static ModelOptions Narrow => new() { Precision = Precision.BFloat16 };

    public void Dispose() => scope.Dispose();
}
