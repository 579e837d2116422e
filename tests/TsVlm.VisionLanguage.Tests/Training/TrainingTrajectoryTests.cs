using System.Text.Json;
using TorchSharp;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Training;

/// <summary>
/// Losses and gradient norms over steps of the trainer against the same steps with Hugging Face's model (train.json of the fixtures).
/// </summary>
[Collection(TorchTests.Name)]
public sealed class TrainingTrajectoryTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly HuggingFace reference = HuggingFace.Tiny();

    [Fact]
    public void Training_the_projector_follows_hugging_face()
    {
        using var model = HuggingFace.TinyModel();
        Follow(model, HuggingFace.Json("llava-tiny/train.json").GetProperty("projector_only"), IsProjector);
        var weight = model.named_parameters().Single(pair => pair.name == "multi_modal_projector.linear_2.weight").parameter;
        Close.Relatively(reference["train.projector_only.linear_2.weight_after"], weight, Agreement.Training, "linear_2 after");
    }

    [Fact]
    public void Training_the_projector_and_the_language_model_follows_hugging_face()
    {
        using var model = HuggingFace.TinyModel();
        Follow(model, HuggingFace.Json("llava-tiny/train.json").GetProperty("projector_and_language_model_wd0.1"),
            name => IsProjector(name) || name.StartsWith("language_model.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("llava-tiny-lora", false, Agreement.Training)]
    [InlineData("llava-tiny-lora-projector", true, Agreement.Training)]
    [InlineData("llava-tiny-lora-rslora", false, Agreement.RsLoraTraining)]
    public void Training_adapters_follows_peft(string name, bool withProjector, double tolerance)
    {
        var folder = TestFolders.Fixture(name);
        using var model = new Llava(LlavaConfig.Read(HuggingFace.TinyFolder), new ModelOptions { Adapter = Adapter.ReadConfig(folder) });
        Checkpoint.Load(model, HuggingFace.TinyFolder);
        Adapter.LoadWeights(model, Path.Combine(folder, "train_init.safetensors"), withProjector);
        Follow(model, HuggingFace.Json($"{name}/train.json"),
            parameter => parameter.Contains(".lora_", StringComparison.Ordinal) || (withProjector && IsProjector(parameter)), tolerance);
    }

    private static bool IsProjector(string name) => name.StartsWith("multi_modal_projector.", StringComparison.Ordinal);

    private void Follow(Llava model, JsonElement expected, Func<string, bool> isTrained, double tolerance = Agreement.Training)
    {
        var rate = expected.GetProperty("lr").GetDouble();
        // The reference decayed every weight, which the Trainer does not.
        var parameters = new TrainedParameters([
            .. TrainedParameters.Choose(model, isTrained, rate, rate).Select(parameter => parameter with { Decays = true })]);
        using var optimizer = new AdamW(parameters, expected.GetProperty("weight_decay").GetDouble());
        // Its first step has learning rate 0 and changes the moments alone; the others are those of a schedule without it.
        var numSteps = expected.GetProperty("steps").GetInt32();
        var schedule = new LearningRateSchedule(numSteps - 1, expected.GetProperty("warmup_steps").GetInt32() - 1);
        var gradientStep = new GradientStep(model, parameters, optimizer, step => step == 0 ? 0 : schedule.Factor(step - 1),
            expected.GetProperty("clip").GetDouble(), seed: 0);
        var losses = expected.GetProperty("loss_before_each_step_and_after_last").EnumerateArray().Select(loss => loss.GetDouble())
            .ToList();
        var norms = expected.GetProperty("grad_norm_before_clip").EnumerateArray().Select(norm => norm.GetDouble()).ToList();
        using var batch = new Batch(
            reference["input_ids"].clone(), reference["attention_mask"].clone(), reference["pixel_values"].clone(),
            reference["labels"].clone(), cases: [0, 1]);
        for (var step = 0; step < numSteps; step++)
        {
            var (loss, norm) = gradientStep.Run(step, step + 1, [batch], TestContext.Current.CancellationToken);
            Near(losses[step], loss, tolerance, $"loss {step}");
            Near(norms[step], norm, tolerance, $"gradient norm {step}");
        }
        using var last = model.Loss(batch.InputIds, batch.AttentionMask, batch.Images, batch.TargetIds);
        Near(losses[^1], last.item<float>(), tolerance, "last loss");
    }

    private static void Near(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * expected, $"{what}: expected {expected}, found {actual}.");

    public void Dispose()
    {
        reference.Dispose();
        scope.Dispose();
    }
}
