using System.Text.Json.Nodes;
using TorchSharp;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Prediction;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Tests.Training;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Checkpoints;

/// <summary>
/// Checkpoints in LLaVA's own form: the tiny model of the fixtures, rewritten to its names, keys and separate CLIP folder.
/// </summary>
[Collection(TorchTests.Name)]
public sealed class OriginalLlavaTests : IDisposable
{
    private const int NumTokens = 500;   // <image> is 500 and <pad> 501 in Hugging Face's form of the fixture

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();
    private readonly HuggingFace reference = HuggingFace.Tiny();

    private string ModelPath => folder.File("llava-v1.5-tiny");

    private string TowerPath => folder.File("clip");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_logits_are_those_of_hugging_face_wherever_the_vision_tower_lies(bool towerInModel)
    {
        Write(towerInModel);
        using var model = ModelStart.Create(ModelFolder.Open(ModelPath), new ModelOptions());
        using var frozen = no_grad();
        var mask = reference["attention_mask"];
        var logits = model.Forward(reference["input_ids"], mask, reference["pixel_values"]);
        Assert.Equal(NumTokens + 2, logits.shape[2]);
        Close.ToWhere(mask, reference["logits"].narrow(2, 0, NumTokens), logits.narrow(2, 0, NumTokens), Agreement.Logits, "logits");
    }

    [Fact]
    public void The_new_rows_are_the_mean_so_that_a_new_token_is_never_likelier_than_the_average()
    {
        Write();
        using var model = ModelStart.Create(ModelFolder.Open(ModelPath), new ModelOptions { Precision = Precision.BFloat16 });
        foreach (var name in new[] { "language_model.model.embed_tokens.weight", "language_model.lm_head.weight" })
        {
            var weight = model.get_parameter(name)!.to(ScalarType.Float32);
            for (var row = NumTokens; row < NumTokens + 2; row++) Close.To(weight[..NumTokens].mean([0]), weight[row], 2e-3, name);
        }
        using var frozen = no_grad();
        var probabilities = model.Logits(randn(20, 96).to(ScalarType.BFloat16)).to(ScalarType.Float32).softmax(-1);
        Assert.True(probabilities.narrow(1, NumTokens, 2).max().item<float>() <= 1.05f / NumTokens);
    }

    [Fact]
    public void The_tokenizer_knows_the_image_and_the_content_hash_the_vision_tower()
    {
        Write();
        var opened = ModelFolder.Open(ModelPath);
        Assert.Equal((NumTokens, NumTokens + 1), (opened.Tokenizer.IdOf("<image>"), opened.Tokenizer.IdOf("<pad>")));
        Assert.Equal((56, 16), (opened.Inputs.ImageSize, opened.Inputs.NumImageTokens));
        var before = opened.ContentHash;
        File.AppendAllText(Path.Combine(TowerPath, "config.json"), "\n");
        Assert.NotEqual(before, ModelFolder.Open(ModelPath).ContentHash);
    }

    [Fact]
    public void A_trained_model_is_written_in_hugging_faces_form()
    {
        Write();
        var start = ModelFolder.Open(ModelPath);
        using var model = ModelStart.Create(start, new ModelOptions());
        var trained = folder.File("trained");
        CheckpointFolder.Write(trained, model, start, new RunSpec
        {
            Dataset = new DatasetReference("d", "h"), Split = new SplitReference("official", 0), Seed = 0,
            FineTuned = new FineTunedModel(new Scenario { Name = "s" }, new ModelReference("m", ModelPath, "h")),
        });
        var written = Path.Combine(trained, "model");
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(written, "config.json")))!;
        Assert.Equal("LlavaForConditionalGeneration", (string?)config["architectures"]![0]);
        Assert.Equal("pad", (string?)config["image_aspect_ratio"]);
        Directory.Delete(TowerPath, recursive: true);
        using var again = ModelStart.Create(ModelFolder.Open(written), new ModelOptions());
        Assert.Equal(SmallTraining.Weights(model), SmallTraining.Weights(again));
        Assert.Equal(NumTokens, ModelFolder.Open(written).Tokenizer.IdOf("<image>"));
    }

    [Fact]
    public void The_config_of_llava_7b_is_that_of_its_conversion()
    {
        Directory.CreateDirectory(ModelPath);
        // The keys of liuhaotian/llava-v1.5-7b's config.json that say what the model is.
        File.WriteAllText(Path.Combine(ModelPath, "config.json"), """
            {
              "architectures": ["LlavaLlamaForCausalLM"], "bos_token_id": 1, "eos_token_id": 2, "freeze_mm_mlp_adapter": false, "hidden_act": "silu", "hidden_size": 4096,
              "image_aspect_ratio": "pad", "initializer_range": 0.02, "intermediate_size": 11008, "max_position_embeddings": 4096, "mm_hidden_size": 1024,
              "mm_projector_type": "mlp2x_gelu", "mm_use_im_patch_token": false, "mm_use_im_start_end": false, "mm_vision_select_feature": "patch", "mm_vision_select_layer": -2,
              "mm_vision_tower": "openai/clip-vit-large-patch14-336", "model_type": "llava", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32,
              "pad_token_id": 0, "rms_norm_eps": 1e-05, "rope_scaling": null, "tie_word_embeddings": false, "torch_dtype": "float16", "use_cache": true,
              "use_mm_proj": true, "vocab_size": 32000
            }
            """);
        var config = LlavaConfig.Read(ModelPath);
        // 62 rows of padding fewer in each of the two tables than llava-hf/llava-1.5-7b-hf, which rounds to 64.
        Assert.Equal(7_063_427_072 - (2 * 62 * 4096), config.NumParameters);
        Assert.Equal((32000, -2, 576, ScalarType.Float16), (config.ImageTokenId, config.VisionFeatureLayer, config.NumImageTokens,
            config.WeightType));
        SafetensorsWriter.Write(Path.Combine(ModelPath, "model.safetensors"), [new("model.norm.weight", ones(4096))]);
        using var model = new Llava(config, new ModelOptions { Device = META });
        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Load(model, ModelPath));
        Assert.Contains($"Put config.json and model.safetensors of the CLIP model openai/clip-vit-large-patch14-336 into {Path.Combine(ModelPath, "openai", "clip-vit-large-patch14-336")}",
            error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mm_vision_tower", "\"google/siglip\"", "mm_vision_tower: expected \"openai/clip-vit-large-patch14-336\" or a folder")]
    [InlineData("mm_projector_type", "\"linear\"", "mm_projector_type: expected mlp2x_gelu, found \"linear\"")]
    [InlineData("mm_vision_select_feature", "\"cls\"", "mm_vision_select_feature: expected patch or cls_patch")]
    [InlineData("mm_use_im_start_end", "true", "mm_use_im_start_end: expected false")]
    [InlineData("mm_hidden_size", "1024", "mm_hidden_size: expected the vision tower's width 64, found 1024")]
    [InlineData("architectures", "[\"LlavaMistralForCausalLM\"]", "architectures: expected LlavaLlamaForCausalLM")]
    [InlineData("mm_vision_select_layer", "null", "expected the key 'mm_vision_select_layer'")]
    [InlineData("rope_scaling", "{\"type\": \"linear\"}", "rope_scaling.type: expected default, found 'linear'")]
    public void An_unsupported_setting_is_refused_by_file_key_expected_and_found(string key, string value, string message)
    {
        Write();
        var path = Path.Combine(ModelPath, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(path, config.ToJsonString());
        var error = Assert.Throws<CheckpointException>(() => LlavaConfig.Read(ModelPath));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private void Write(bool towerInModel = false)
    {
        Directory.CreateDirectory(ModelPath);
        Directory.CreateDirectory(TowerPath);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(HuggingFace.TinyFolder, "config.json")))!;
        var own = config["text_config"]!.DeepClone().AsObject();
        foreach (var (key, value) in new Dictionary<string, JsonNode?>
        {
            ["architectures"] = new JsonArray("LlavaLlamaForCausalLM"), ["model_type"] = "llava_llama", ["vocab_size"] =
                NumTokens, ["image_aspect_ratio"] = "pad",
            ["mm_vision_tower"] = "../clip", ["mm_projector_type"] = "mlp2x_gelu", ["mm_vision_select_layer"] =
            -2, ["mm_vision_select_feature"] = "patch", ["mm_hidden_size"] = 64,
        }) own[key] = value;
        File.WriteAllText(Path.Combine(ModelPath, "config.json"), own.ToJsonString());
        File.WriteAllText(Path.Combine(TowerPath, "config.json"),
            new JsonObject { ["model_type"] = "clip", ["vision_config"] = config["vision_config"]!.DeepClone() }.ToJsonString());
        // Tokenizer as LLaVA ships it: SentencePiece alone, without the tokens that Hugging Face's form adds.
        File.Copy(Path.Combine(HuggingFace.TinyFolder, "tokenizer.model"), Path.Combine(ModelPath, "tokenizer.model"));
        File.Copy(Path.Combine(HuggingFace.TinyFolder, "preprocessor_config.json"), Path.Combine(ModelPath, "preprocessor_config.json"));

        using var file = new SafetensorsFile(Path.Combine(HuggingFace.TinyFolder, "model.safetensors"));
        var (model, clip) = (new Dictionary<string, Tensor>(),
            new Dictionary<string, Tensor> { ["text_model.final_layer_norm.weight"] = ones(4), ["logit_scale"] = ones(1) });
        foreach (var name in file.Tensors.Keys)
        {
            var isTower = name.StartsWith("vision_tower.", StringComparison.Ordinal);
            if (isTower && !towerInModel) clip[name["vision_tower.".Length..]] = file.Read(name);
            else model[OwnName(name)] = name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)
                || name.Contains("lm_head", StringComparison.Ordinal) ? file.Read(name)[..NumTokens] : file.Read(name);
        }
        SafetensorsWriter.Write(Path.Combine(ModelPath, "model.safetensors"), model);
        SafetensorsWriter.Write(Path.Combine(TowerPath, "model.safetensors"), clip);
    }

    private static string OwnName(string name) => name
        .Replace("language_model.", "", StringComparison.Ordinal)
        .Replace("multi_modal_projector.linear_1", "model.mm_projector.0", StringComparison.Ordinal)
        .Replace("multi_modal_projector.linear_2", "model.mm_projector.2", StringComparison.Ordinal)
        .Replace("vision_tower.", "model.vision_tower.vision_tower.", StringComparison.Ordinal);

    public void Dispose()
    {
        reference.Dispose();
        folder.Dispose();
        scope.Dispose();
    }
}
