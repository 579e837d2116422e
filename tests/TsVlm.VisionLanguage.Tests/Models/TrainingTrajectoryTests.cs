using System.Text.Json;
using TorchSharp;
using TsVlm.Tests;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests;

/// <summary>Losses over steps of torch's AdamW against the same steps with Hugging Face's model (train.json of the fixtures).</summary>
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
        Close.Relatively(reference["train.projector_only.linear_2.weight_after"], weight, 1e-3, "linear_2 after");
    }

    [Fact]
    public void Training_the_projector_and_the_language_model_follows_hugging_face()
    {
        using var model = HuggingFace.TinyModel();
        Follow(model, HuggingFace.Json("llava-tiny/train.json").GetProperty("projector_and_language_model_wd0.1"),
            name => IsProjector(name) || name.StartsWith("language_model.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("llava-tiny-lora", false)]
    [InlineData("llava-tiny-lora-projector", true)]
    [InlineData("llava-tiny-lora-rslora", false)]
    public void Training_adapters_follows_peft(string name, bool withProjector)
    {
        var folder = TestFolders.Fixture(name);
        using var model = Llava.WithAdapter(LlavaConfig.Read(HuggingFace.TinyFolder), Adapter.ReadConfig(folder));
        Checkpoint.Load(model, HuggingFace.TinyFolder);
        Adapter.LoadWeights(model, Path.Combine(folder, "train_init.safetensors"), withProjector);
        Follow(model, HuggingFace.Json($"{name}/train.json"), parameter => parameter.Contains(".lora_", StringComparison.Ordinal) || (withProjector && IsProjector(parameter)));
    }

    private static bool IsProjector(string name) => name.StartsWith("multi_modal_projector.", StringComparison.Ordinal);

    private void Follow(Llava model, JsonElement expected, Func<string, bool> isTrained)
    {
        foreach (var (name, parameter) in model.named_parameters()) parameter.requires_grad = isTrained(name);
        var trained = model.parameters().Where(parameter => parameter.requires_grad).ToList();
        using var optimizer = optim.AdamW(trained, lr: 0, weight_decay: expected.GetProperty("weight_decay").GetDouble());
        var rates = expected.GetProperty("lr_used_at_each_step").EnumerateArray().Select(rate => rate.GetDouble()).ToList();
        var losses = expected.GetProperty("loss_before_each_step_and_after_last").EnumerateArray().Select(loss => loss.GetDouble()).ToList();
        var norms = expected.GetProperty("grad_norm_before_clip").EnumerateArray().Select(norm => norm.GetDouble()).ToList();
        for (var step = 0; step < rates.Count; step++)
        {
            optimizer.zero_grad();
            var loss = Loss(model);
            Near(losses[step], loss.item<float>(), $"loss {step}");
            loss.backward();
            Near(norms[step], nn.utils.clip_grad_norm_(trained, expected.GetProperty("clip").GetDouble()), $"gradient norm {step}");
            foreach (var group in optimizer.ParamGroups) group.LearningRate = rates[step];
            optimizer.step();
        }
        Near(losses[^1], Loss(model).item<float>(), "last loss");
    }

    private Tensor Loss(Llava model) => model.Loss(reference["input_ids"], reference["attention_mask"], reference["pixel_values"], reference["labels"]);

    private static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(actual - expected) <= 1e-3 * expected, $"{what}: expected {expected}, found {actual}.");

    public void Dispose()
    {
        reference.Dispose();
        scope.Dispose();
    }
}
