using TorchSharp;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Scoring;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Architecture;

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
            Close.To(reference[$"vision_hidden_states.{layer}"], tower.HiddenState(reference["pixel_values"], layer), Agreement.Logits,
                $"vision state {layer}");
        Close.To(reference["vision_selected"], tower.HiddenState(reference["pixel_values"], model.Config.NumVisionLayersUsed)[.., 1..],
            Agreement.Logits, "selected");
        var pooled = model.modules().OfType<ClipVisionModel>()
            .Single().post_layernorm.forward(tower.HiddenState(reference["pixel_values"], 4)[.., 0]);
        Close.To(reference["vision_post_layernorm_pooled"], pooled, Agreement.Logits, "pooled");
    }

    [Fact]
    public void Image_features_and_merged_embeddings_equal_hugging_face()
    {
        using var frozen = no_grad();
        Close.To(reference["image_features"], model.ImageFeatures(reference["pixel_values"]), Agreement.Logits, "image features");
        Close.To(reference["inputs_embeds"], model.InputEmbeddings(reference["input_ids"], reference["pixel_values"]), Agreement.Logits, "embeddings");
    }

    [Fact]
    public void Every_hidden_state_of_the_language_model_equals_hugging_face()
    {
        using var frozen = no_grad();
        var mask = reference["attention_mask"];
        var embeddings = model.InputEmbeddings(reference["input_ids"], reference["pixel_values"]);
        for (var layer = 0; layer < 3; layer++)
        {
            var state = model.Decoder.RunLayers(embeddings, Llava.PositionIds(mask), AttentionMask.Causal(mask, embeddings.dtype), null,
                layer);
            Close.ToWhere(mask, reference[$"text_hidden_states.{layer}"], state, Agreement.Logits, $"text state {layer}");
        }
        var last = model.HiddenStates(reference["input_ids"], mask, reference["pixel_values"]);
        Close.ToWhere(mask, reference["text_hidden_states.3"], last, Agreement.Logits, "text state 3");
    }

    [Fact]
    public void Logits_and_loss_equal_hugging_face()
    {
        using var frozen = no_grad();
        var (ids, mask, images) = (reference["input_ids"], reference["attention_mask"], reference["pixel_values"]);
        Close.ToWhere(mask, reference["logits"], model.Forward(ids, mask, images), Agreement.Logits, "logits");
        Close.To(reference["loss"], model.Loss(ids, mask, images, reference["labels"]).reshape(1), Agreement.Loss, "loss");
    }

    [Fact]
    public void Twelve_gradients_and_the_norm_of_every_gradient_equal_hugging_face()
    {
        using (var loss = model.Loss(reference["input_ids"], reference["attention_mask"], reference["pixel_values"],
            reference["labels"])) loss.backward();
        var gradients = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.grad);
        var whole = reference.Names.Where(name => name.StartsWith("grad.", StringComparison.Ordinal)).ToList();
        Assert.Equal(12, whole.Count);
        foreach (var name in whole) Close.Relatively(reference[name], gradients[name["grad.".Length..]]!, Agreement.Gradients, name);
        var norms = HuggingFace.Json("llava-tiny/grad_norms.json");
        Assert.Equal(gradients.Keys.Order(StringComparer.Ordinal), norms.EnumerateObject().Select(norm => norm.Name)
            .Order(StringComparer.Ordinal));
        foreach (var norm in norms.EnumerateObject())
        {
            if (norm.Value.ValueKind == System.Text.Json.JsonValueKind.Null) Assert.Null(gradients[norm.Name]);
            // A key's bias moves all scores of a query alike: its gradient is zero but for rounding.
            else Assert.InRange(gradients[norm.Name]!.norm()
                .item<float>(), norm.Value.GetDouble() * (1 - Agreement.Gradients) - 1e-6, norm.Value.GetDouble() * (1 + Agreement.Gradients) + 1e-6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_row_alone_without_padding_equals_hugging_face(int row)
    {
        using var frozen = no_grad();
        var length = reference[$"single.{row}.logits"].shape[0];
        var ids = reference["input_ids"].narrow(0, row, 1).narrow(1, 0, length);
        var image = reference["pixel_values"].narrow(0, row, 1);
        var mask = ones_like(ids);
        Close.To(reference[$"single.{row}.logits"], model.Forward(ids, mask, image)[0], Agreement.Logits, $"single {row}");
        var labels = reference["labels"].narrow(0, row, 1).narrow(1, 0, length);
        Close.To(reference[$"single.{row}.loss"], model.Loss(ids, mask, image, labels).reshape(1), Agreement.Loss, $"single loss {row}");
    }

    [Fact]
    public void Padding_on_the_left_equals_hugging_face()
    {
        using var frozen = no_grad();
        var mask = reference["left_padded.attention_mask"];
        var logits = model.Forward(reference["left_padded.input_ids"], mask, reference["pixel_values"]);
        Close.ToWhere(mask, reference["left_padded.logits"], logits, Agreement.Logits, "left padded");
        Assert.False(logits.isnan().any().item<bool>());
    }

    [Fact]
    public void Two_images_in_one_row_equal_hugging_face()
    {
        using var frozen = no_grad();
        var ids = reference["two_images.input_ids"];
        Close.To(reference["two_images.logits"], model.Forward(ids, ones_like(ids), reference["two_images.pixel_values"]), Agreement.Logits,
            "two images");
    }

    [Fact]
    public void Text_without_an_image_equals_hugging_face()
    {
        using var frozen = no_grad();
        var ids = reference["text_only.input_ids"];
        Close.To(reference["text_only.logits"], model.Forward(ids, ones_like(ids), null), Agreement.Logits, "text only");
    }

    [Fact]
    public void Fewer_image_tokens_stand_for_the_means_of_as_many_neighbouring_features()
    {
        using var frozen = no_grad();
        var images = reference["pixel_values"];
        var features = model.ImageFeatures(images);                                                       // (2, 16, D)
        var ids = full([2, 4], (Scalar)model.Config.ImageTokenId, dtype: ScalarType.Int64);
        var expected = features.view(2, 4, 4, -1).mean([2]);
        Assert.True(expected.allclose(model.InputEmbeddings(ids, images)));
        var odd = full([2, 5], (Scalar)model.Config.ImageTokenId, dtype: ScalarType.Int64);
        Assert.Throws<ArgumentException>(() => model.InputEmbeddings(odd, images));
    }

    [Fact]
    public void Image_tokens_without_their_features_are_refused_with_both_numbers()
    {
        var ids = reference["input_ids"];
        var error = Assert.Throws<ArgumentException>(() => model.Forward(ids, ones_like(ids), reference["pixel_values"].narrow(0, 0, 1)));
        Assert.Contains("1 images of 16 features need 16 tokens of id 500, or the same share of each image's, found 32", error.Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Forward(ids, ones_like(ids), null));
        var text = reference["text_only.input_ids"];
        Assert.Throws<ArgumentException>(() => model.Forward(text, ones_like(text), reference["pixel_values"]));
    }

    [Fact]
    public void Images_and_masks_of_another_shape_are_refused()
    {
        var ids = reference["input_ids"];
        var image = zeros(2, 3, 28, 56);
        Assert.Contains("expected shape (N, 3, 56, 56), found (2, 3, 28, 56)",
            Assert.Throws<ArgumentException>(() => model.Forward(ids, ones_like(ids), image)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Forward(ids, ones(2, 30, dtype: ScalarType.Int64), reference["pixel_values"]));
    }

    [Fact]
    public void A_loss_without_a_target_is_refused()
    {
        var ids = reference["input_ids"];
        Assert.Throws<ArgumentException>(() =>
            model.Loss(ids, reference["attention_mask"], reference["pixel_values"], full_like(ids, -100)));
    }

    [Fact]
    public void Live_tensors_stay_flat_over_repeated_passes()
    {
        long Pass()
        {
            using (var loss = model.Loss(reference["input_ids"], reference["attention_mask"], reference["pixel_values"],
                reference["labels"])) loss.backward();
            model.zero_grad();
            Generation.Greedy(model, reference["left_padded.input_ids"], reference["left_padded.attention_mask"], reference["pixel_values"],
                3, null);
            AnswerScoring.LogLikelihoods(model, [[1, 5, 6], [1, 7]], null, [[8, 2], [8, 9, 2]]);
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Pass();
        var live = Pass();
        for (var i = 0; i < 5; i++) Assert.Equal(live, Pass());
    }

    [Fact]
    public void A_disposed_model_gives_its_weights_back()
    {
        var disposed = new Llava(model.Config);
        var weights = disposed.parameters().ToList();
        disposed.Dispose();
        Assert.All(weights, weight => Assert.True(weight.IsInvalid));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_whatever_was_drawn_before()
    {
        using var first = new Llava(model.Config);
        using var second = new Llava(model.Config);
        first.InitialiseWeights(7);
        rand(3);
        second.InitialiseWeights(7);
        foreach (var ((name, a), (_, b)) in first.named_parameters()
            .Zip(second.named_parameters())) Assert.True(a.bytes.SequenceEqual(b.bytes), name);
        second.InitialiseWeights(8);
        Assert.False(first.Decoder.EmbeddingWeight.bytes.SequenceEqual(second.Decoder.EmbeddingWeight.bytes));
    }

    [Fact]
    public void Weights_start_with_the_deviations_of_hugging_face()
    {
        model.InitialiseWeights(1);
        var deviation = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.std().item<float>());
        Assert.InRange(deviation["language_model.lm_head.weight"], 0.0195, 0.0205);
        Assert.InRange(deviation["multi_modal_projector.linear_2.weight"], 0.019, 0.021);
        // CLIP: width^-0.5 * (2 * layers)^-0.5 for queries, width^-0.5 for the output, (2 * width)^-0.5 for fc1.
        Assert.InRange(deviation["vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight"], 0.0442 * 0.95, 0.0442 * 1.05);
        Assert.InRange(deviation["vision_tower.vision_model.encoder.layers.0.self_attn.out_proj.weight"], 0.125 * 0.95, 0.125 * 1.05);
        Assert.InRange(deviation["vision_tower.vision_model.encoder.layers.0.mlp.fc1.weight"], 0.0884 * 0.95, 0.0884 * 1.05);
        Assert.InRange(deviation["vision_tower.vision_model.embeddings.class_embedding"], 0.125 * 0.7, 0.125 * 1.3);
        Assert.Equal(0, deviation["language_model.model.norm.weight"]);
    }

    [Fact]
    public void In_bfloat16_the_logits_stay_near_those_in_float32()
    {
        using var frozen = no_grad();
        using var narrow = HuggingFace.TinyModel(new ModelOptions { Precision = Precision.BFloat16 });
        var logits = narrow.Forward(reference["input_ids"], reference["attention_mask"], reference["pixel_values"]);
        Assert.Equal(ScalarType.BFloat16, logits.dtype);
        Close.ToWhere(reference["attention_mask"], reference["logits"], logits.to(ScalarType.Float32), 0.5, "bf16");
    }

    public void Dispose()
    {
        model.Dispose();
        reference.Dispose();
        scope.Dispose();
    }
}
