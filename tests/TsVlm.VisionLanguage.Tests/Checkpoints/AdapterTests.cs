using TorchSharp;
using TsVlm.Contracts;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Checkpoints;

/// <summary>Adapters against PEFT 0.12 on Hugging Face's model (tests/fixtures/llava-tiny-lora*).</summary>
[Collection(TorchTests.Name)]
public sealed class AdapterTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    /// <summary>
    /// Names of LlavaForConditionalGeneration's modules before transformers 4.52, and since (github.com/huggingface/peft/issues/2574).
    /// PEFT matches a text against the whole name.
    /// </summary>
    [Theory]
    [InlineData("language_model.model.layers.0.self_attn.q_proj", true)]
    [InlineData("language_model.model.layers.31.mlp.down_proj", true)]
    [InlineData("model.language_model.layers.0.self_attn.o_proj", true)]
    [InlineData("model.language_model.layers.31.mlp.gate_proj", true)]
    [InlineData("vision_tower.vision_model.encoder.layers.0.self_attn.q_proj", false)]
    [InlineData("model.vision_tower.vision_model.encoder.layers.0.self_attn.q_proj", false)]
    [InlineData("language_model.lm_head", false)]
    [InlineData("lm_head", false)]
    [InlineData("multi_modal_projector.linear_1", false)]
    [InlineData("model.multi_modal_projector.linear_1", false)]
    public void Exported_targets_match_the_language_models_projections_in_both_layouts_of_transformers(string module, bool isTarget)
    {
        Assert.Equal(isTarget, new AdapterConfig { Rank = 8, Alpha = 16 }.Targets(module));
        using var model = new Llava(LlavaConfig.Read(HuggingFace.TinyFolder),
            new ModelOptions { Adapter = new AdapterConfig { Rank = 1, Alpha = 1 } });
        using var folder = new TemporaryFolder();
        Adapter.Save(model, folder.Path);
        var written = Adapter.ReadConfig(folder.Path).TargetPattern;
        Assert.Equal(isTarget, System.Text.RegularExpressions.Regex.Match(module, written) is { Success: true } match
            && match.Length == module.Length);
    }

    [Theory]
    [InlineData("llava-tiny-lora", Agreement.LoraLogits, Agreement.Gradients)]
    [InlineData("llava-tiny-lora-projector", Agreement.LoraLogits, Agreement.Gradients)]
    [InlineData("llava-tiny-lora-rslora", Agreement.RsLoraLogits, Agreement.RsLoraGradients)]
    public void Logits_loss_gradients_and_tokens_equal_peft_before_and_after_merging(string name, double tolerance, double ofGradients)
    {
        using var reference = new HuggingFace("llava-tiny/inputs.safetensors", $"{name}/expected.safetensors");
        using var model = Adapted(name);
        var (ids, mask, images) = (reference["input_ids"], reference["attention_mask"], reference["pixel_values"]);
        Close.ToWhere(mask, reference["logits"], model.Forward(ids, mask, images), tolerance, $"{name} logits");
        var loss = model.Loss(ids, mask, images, reference["labels"]);
        Close.To(reference["loss"], loss.reshape(1), Agreement.Loss, $"{name} loss");
        loss.backward();
        EqualGradients(name, model, reference, ofGradients);
        EqualTokens(model, reference);

        Adapter.Merge(model);
        Close.ToWhere(mask, reference["logits_merged"], model.Forward(ids, mask, images), tolerance, $"{name} merged logits");
        EqualTokens(model, reference);
    }

    [Fact]
    public void Merging_changes_the_same_weights_as_peft_and_a_plain_model_loads_them()
    {
        using var folder = new TemporaryFolder();
        using var expected = new HuggingFace("llava-tiny-lora/merged_changed_weights.safetensors");
        using var adapted = Adapted("llava-tiny-lora");
        Assert.Throws<CheckpointException>(() => Checkpoint.Save(adapted, folder.Path));
        Adapter.Merge(adapted);
        Checkpoint.Save(adapted, folder.Path, HuggingFace.TinyFolder);
        using var merged = new Llava(LlavaConfig.Read(folder.Path));
        Checkpoint.Load(merged, folder.Path);
        using var original = HuggingFace.TinyModel();
        var before = original.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var (name, weight) in merged.named_parameters())
        {
            if (expected.Names.Contains(name)) Close.To(expected[name], weight, 1e-5, name);
            else Assert.True(before[name].bytes.SequenceEqual(weight.bytes), name);
        }
        Assert.Equal(21, expected.Names.Count());
    }

    [Theory]
    [InlineData("llava-tiny-lora")]
    [InlineData("llava-tiny-lora-projector")]
    [InlineData("llava-tiny-lora-rslora")]
    public void A_saved_adapter_has_the_bytes_and_the_settings_of_the_one_it_was_loaded_from(string name)
    {
        using var folder = new TemporaryFolder();
        using var model = Adapted(name);
        Adapter.Save(model, folder.Path, "../llava-tiny");
        Assert.Equal(Adapter.ReadConfig(TestFolders.Fixture(name)), Adapter.ReadConfig(folder.Path));
        using var expected = new SafetensorsFile(Path.Combine(TestFolders.Fixture(name), "adapter_model.safetensors"));
        using var actual = new SafetensorsFile(folder.File("adapter_model.safetensors"));
        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var tensor in expected.Tensors.Keys)
            Assert.True(expected.Read(tensor).bytes.SequenceEqual(actual.Read(tensor).bytes), tensor);
    }

    [Fact]
    public void Before_training_the_adapted_model_equals_the_base_model()
    {
        using var reference = HuggingFace.Tiny();
        using var plain = HuggingFace.TinyModel();
        using var adapted = new Llava(plain.Config,
            new ModelOptions { Adapter = AdapterConfig.From(new LoraSettings { Rank = 4, Alpha = 8, Dropout = 0.1 }) });
        Checkpoint.Load(adapted, HuggingFace.TinyFolder);
        adapted.train();
        var ids = reference["text_only.input_ids"];
        Assert.True(plain.Forward(ids, ones_like(ids), null).bytes.SequenceEqual(adapted.Forward(ids, ones_like(ids), null).bytes));
        Assert.Equal(21, adapted.modules().OfType<LoraLinear>().Count());
    }

    [Fact]
    public void Adapters_start_uniform_within_one_over_the_root_of_their_inputs_and_by_their_seed()
    {
        var config = LlavaConfig.Read(HuggingFace.TinyFolder);
        var lora = new LoraSettings { Rank = 64 };
        using var first = new Llava(config, new ModelOptions { Adapter = lora is null ? null : AdapterConfig.From(lora), Seed = 5 });
        using var same = new Llava(config, new ModelOptions { Adapter = lora is null ? null : AdapterConfig.From(lora), Seed = 5 });
        using var other = new Llava(config, new ModelOptions { Adapter = lora is null ? null : AdapterConfig.From(lora), Seed = 6 });
        var name = "language_model.model.layers.1.mlp.down_proj.lora_A.weight";
        Tensor A(Llava model) => model.named_parameters().Single(pair => pair.name == name).parameter;
        Assert.True(A(first).bytes.SequenceEqual(A(same).bytes));
        Assert.False(A(first).bytes.SequenceEqual(A(other).bytes));
        var bound = 1 / Math.Sqrt(config.Text.FeedForwardWidth);
        Assert.InRange(A(first).abs().max().item<float>(), bound * 0.99, bound);
        Assert.InRange(A(first).std().item<float>(), bound / Math.Sqrt(3) * 0.97, bound / Math.Sqrt(3) * 1.03);
    }

    [Fact]
    public void Dropout_follows_from_its_seed_whatever_else_draws_and_is_off_in_evaluation()
    {
        using var model = Adapted("llava-tiny-lora", config => config with { Dropout = 0.3 });
        var ids = tensor(new long[] { 1, 5, 9, 30 }).unsqueeze(0);
        float Sum() => model.Forward(ids, ones_like(ids), null).abs().sum().item<float>();
        model.eval();
        var without = Sum();
        model.train();
        model.SeedDropout(11);
        var first = Sum();
        rand(100);
        Assert.Equal(first, Sum());
        model.SeedDropout(12);
        Assert.NotEqual(first, Sum());
        model.SeedDropout(11);
        Assert.Equal(first, Sum());
        Assert.NotEqual(without, first);
        model.eval();
        Assert.Equal(without, Sum());
    }

    [Fact]
    public void An_adapter_of_another_size_or_kind_is_refused()
    {
        var folder = TestFolders.Fixture("llava-tiny-lora");
        using var plain = HuggingFace.TinyModel();
        Assert.Throws<CheckpointException>(() => Adapter.Load(plain, folder));
        Assert.Throws<ArgumentException>(() => Adapter.Save(plain, folder));
        using var smaller = new Llava(plain.Config,
            new ModelOptions { Adapter = AdapterConfig.From(new LoraSettings { Rank = 4, Alpha = 8 }) });
        Assert.Contains("expected rank 4 and scale 2", Assert.Throws<CheckpointException>(() => Adapter.Load(smaller, folder)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"peft_type\": \"LORA\"", "\"peft_type\": \"IA3\"", "peft_type: expected LORA, found 'IA3'")]
    [InlineData("\"use_dora\": false", "\"use_dora\": true", "use_dora: expected false")]
    [InlineData("\"bias\": \"none\"", "\"bias\": \"all\"", "bias: expected none")]
    [InlineData("\"modules_to_save\": null", "\"modules_to_save\": [\"lm_head\"]", "modules_to_save")]
    [InlineData("\"rank_pattern\": {}", "\"rank_pattern\": {\"q_proj\": 4}", "rank_pattern")]
    [InlineData("\"r\": 8", "\"r\": 0", "r: expected a whole number above 0, found 0")]
    public void A_setting_that_the_model_cannot_follow_is_refused_by_name(string before, string after, string message)
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(TestFolders.Fixture("llava-tiny-lora"), "adapter_config.json"));
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(folder.File("adapter_config.json"), text.Replace(before, after, StringComparison.Ordinal));
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => Adapter.ReadConfig(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_targets_adapts_the_projections_of_these_names_only()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("adapter_config.json"),
            """{"peft_type":"LORA","r":4,"lora_alpha":8,"target_modules":["q_proj","v_proj"]}""");
        using var model = new Llava(LlavaConfig.Read(HuggingFace.TinyFolder),
            new ModelOptions { Adapter = Adapter.ReadConfig(folder.Path) });
        var adapted = model.named_modules().Where(pair => pair.module is LoraLinear).Select(pair => pair.name).ToList();
        Assert.Equal(6, adapted.Count);
        Assert.All(adapted, name => Assert.Matches(@"\.(q|v)_proj$", name));
    }

    private static Llava Adapted(string name, Func<AdapterConfig, AdapterConfig>? change = null)
    {
        var folder = TestFolders.Fixture(name);
        var config = Adapter.ReadConfig(folder);
        var model = new Llava(LlavaConfig.Read(HuggingFace.TinyFolder), new ModelOptions { Adapter = change?.Invoke(config) ?? config });
        Checkpoint.Load(model, HuggingFace.TinyFolder);
        Adapter.Load(model, folder);
        return model;
    }

    private static void EqualGradients(string name, Llava model, HuggingFace reference, double tolerance)
    {
        var gradients = model.named_parameters().ToDictionary(pair => "base_model.model." + pair.name, pair => pair.parameter.grad);
        foreach (var gradient in reference.Names.Where(key => key.StartsWith("grad.", StringComparison.Ordinal)))
            Close.Relatively(reference[gradient], gradients[gradient["grad.".Length..]]!, tolerance, $"{name} {gradient}");
        foreach (var norm in HuggingFace.Json($"{name}/grad_norms.json").EnumerateObject())
        {
            var actual = gradients[norm.Name.Replace(".modules_to_save.", ".", StringComparison.Ordinal)]!.norm().item<float>();
            Assert.InRange(actual, (norm.Value.GetDouble() * (1 - tolerance)) - 1e-6, (norm.Value.GetDouble() * (1 + tolerance)) + 1e-6);
        }
    }

    private static void EqualTokens(Llava model, HuggingFace reference)
    {
        var tokens = Generation.Greedy(model, reference["input_ids"], reference["attention_mask"], reference["pixel_values"], 8, null);
        for (var row = 0; row < 2; row++)
            Assert.Equal(reference[$"generate.{row}.tokens"].data<long>().ToArray(), tokens[row].Select(token => (long)token));
    }

    public void Dispose() => scope.Dispose();
}
