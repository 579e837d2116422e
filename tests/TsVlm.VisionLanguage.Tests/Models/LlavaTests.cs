using TorchSharp;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests;

/// <summary>The model against Hugging Face's, on the weights and inputs of tests/fixtures/llava-tiny.</summary>
[Collection(TorchTests.Name)]
public sealed class LlavaTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly HuggingFace reference = HuggingFace.Tiny();
    private readonly Llava model = HuggingFace.TinyModel();

    [Fact]
    public void Every_hidden_state_of_the_vision_tower_equals_hugging_face()
    {
        using var frozen = no_grad();
        var tower = model.modules().OfType<ClipVisionTower>().Single();
        for (var layer = 0; layer <= 4; layer++)
            Close.To(reference[$"vision_hidden_states.{layer}"], tower.HiddenState(reference["pixel_values"], layer), 1e-4, $"vision state {layer}");
        Close.To(reference["vision_selected"], tower.HiddenState(reference["pixel_values"], model.Config.NumVisionLayersUsed)[.., 1..], 1e-4, "selected");
        var pooled = model.modules().OfType<ClipVisionModel>().Single().post_layernorm.forward(tower.HiddenState(reference["pixel_values"], 4)[.., 0]);
        Close.To(reference["vision_post_layernorm_pooled"], pooled, 1e-4, "pooled");
    }

    [Fact]
    public void Image_features_and_merged_embeddings_equal_hugging_face()
    {
        using var frozen = no_grad();
        Close.To(reference["image_features"], model.ImageFeatures(reference["pixel_values"]), 1e-4, "image features");
        Close.To(reference["inputs_embeds"], model.InputEmbeddings(reference["input_ids"], reference["pixel_values"]), 1e-4, "embeddings");
    }

    [Fact]
    public void Every_hidden_state_of_the_language_model_equals_hugging_face()
    {
        using var frozen = no_grad();
        var mask = reference["attention_mask"];
        var embeddings = model.InputEmbeddings(reference["input_ids"], reference["pixel_values"]);
        for (var layer = 0; layer < 3; layer++)
        {
            var state = model.Decoder.RunLayers(embeddings, Llava.PositionIds(mask), AttentionMask.Causal(mask, embeddings.dtype), null, layer);
            Close.ToWhere(mask, reference[$"text_hidden_states.{layer}"], state, 1e-4, $"text state {layer}");
        }
        var last = model.HiddenStates(reference["input_ids"], mask, reference["pixel_values"]);
        Close.ToWhere(mask, reference["text_hidden_states.3"], last, 1e-4, "text state 3");
    }

    [Fact]
    public void Logits_and_loss_equal_hugging_face()
    {
        using var frozen = no_grad();
        var (ids, mask, images) = (reference["input_ids"], reference["attention_mask"], reference["pixel_values"]);
        Close.ToWhere(mask, reference["logits"], model.Forward(ids, mask, images), 1e-4, "logits");
        Close.To(reference["loss"], model.Loss(ids, mask, images, reference["labels"]).reshape(1), 1e-5, "loss");
    }

    public void Dispose()
    {
        model.Dispose();
        reference.Dispose();
        scope.Dispose();
    }
}
