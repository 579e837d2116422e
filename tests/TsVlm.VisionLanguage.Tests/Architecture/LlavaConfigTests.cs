using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Files;

namespace TsVlm.VisionLanguage.Tests.Architecture;

[Collection(TorchTests.Name)]
public sealed class LlavaConfigTests
{
    // The keys that llava-hf/llava-1.5-7b-hf's config.json states.
    private const string Llava7B = """
        {
          "architectures": ["LlavaForConditionalGeneration"], "ignore_index": -100, "image_token_index": 32000, "model_type": "llava",
          "pad_token_id": 32001, "projector_hidden_act": "gelu",
          "text_config": {
            "_name_or_path": "lmsys/vicuna-7b-v1.5", "architectures": ["LlamaForCausalLM"], "max_position_embeddings": 4096,
            "model_type": "llama", "rms_norm_eps": 1e-05, "torch_dtype": "float16", "vocab_size": 32064
          },
          "tie_word_embeddings": false, "torch_dtype": "float16", "transformers_version": "4.36.0.dev0",
          "vision_config": {
            "hidden_size": 1024, "image_size": 336, "intermediate_size": 4096, "model_type": "clip_vision_model", "num_attention_heads": 16,
            "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768, "vocab_size": 32000
          },
          "vision_feature_layer": -2, "vision_feature_select_strategy": "default", "vocab_size": 32064
        }
        """;

    [Fact]
    public void The_short_config_of_llava_7b_takes_the_defaults_of_transformers()
    {
        var config = LlavaConfig.Parse(Llava7B, "config.json");
        Assert.Equal((4096, 11008, 32, 32, 32, 128), (config.Text.Width, config.Text.FeedForwardWidth, config.Text.NumLayers,
            config.Text.NumHeads, config.Text.NumKeyValueHeads, config.Text.HeadWidth));
        Assert.Equal((4096, 1e-5, 10000.0, Activation.Silu), (config.Text.ContextLength, config.Text.NormEpsilon, config.Text.RopeTheta,
            config.Text.Activation));
        Assert.Equal((1024, 24, 576, 23), (config.Vision.Width, config.Vision.NumLayers, config.NumImageTokens,
            config.NumVisionLayersUsed));
        Assert.Equal((Activation.QuickGelu, 1e-5, Activation.Gelu), (config.Vision.Activation, config.Vision.NormEpsilon,
            config.ProjectorActivation));
        // What transformers counts for llava-hf/llava-1.5-7b-hf.
        Assert.Equal(7_063_427_072, config.NumParameters);
    }

    [Fact]
    public void The_config_of_either_version_of_transformers_gives_the_same_model()
    {
        var older = LlavaConfig.Read(HuggingFace.TinyFolder);
        var newer = LlavaConfig.Read(TestFolders.Fixture("llava-tiny-newnames-bf16-sharded"));
        Assert.Equal(older, newer with { WeightType = older.WeightType });
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\"attention_bias\": false", "\"attention_bias\": true")]
    [InlineData("\"mlp_bias\": false", "\"mlp_bias\": true")]
    [InlineData("\"image_seq_length\": 16", "\"multimodal_projector_bias\": false")]
    [InlineData("\"vision_feature_select_strategy\": \"default\"", "\"vision_feature_select_strategy\": \"full\"")]
    [InlineData("\"head_dim\": 16", "\"head_dim\": 24")]
    public void The_number_of_parameters_is_that_of_the_model(string before, string after)
    {
        var config = LlavaConfig.Parse(Changed(before, after), "config.json");
        using var model = new Llava(config);
        Assert.Equal(config.NumParameters, model.parameters().Sum(parameter => parameter.NumberOfElements));
        model.InitialiseWeights(1);
        using var features = model.ImageFeatures(TorchSharp.torch.zeros(1, 3, 56, 56));
        Assert.Equal([1, config.NumImageTokens, 96], features.shape);
    }

    [Theory]
    [InlineData("\"model_type\": \"llava\"", "\"model_type\": \"llava_next\"",
        "config.json: model_type: expected llava, found 'llava_next'")]
    [InlineData("\"LlavaForConditionalGeneration\"", "\"Other\"",
        "config.json: architectures: expected LlavaForConditionalGeneration, found Other")]
    [InlineData("\"model_type\": \"llama\"", "\"model_type\": \"mistral\"",
        "config.json: text_config.model_type: expected llama, found 'mistral'")]
    [InlineData("\"model_type\": \"clip_vision_model\"", "\"model_type\": \"siglip\"",
        "vision_config.model_type: expected clip_vision_model")]
    [InlineData("\"projector_hidden_act\": \"gelu\"", "\"projector_hidden_act\": \"mish\"",
        "projector_hidden_act: expected gelu or quick_gelu or silu or relu, found 'mish'")]
    [InlineData("\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"yarn\"}",
        "text_config.rope_scaling.type: expected default, found 'yarn'")]
    [InlineData("\"rope_scaling\": null", "\"rope_parameters\": {\"rope_type\": \"llama3\"}",
        "text_config.rope_parameters.rope_type: expected default, found 'llama3'")]
    [InlineData("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4",
        "text_config.num_key_value_heads: expected a divisor of num_attention_heads 6, found 4")]
    [InlineData("\"vision_feature_layer\": -2", "\"vision_feature_layer\": -6",
        "vision_feature_layer: expected a hidden state of 4 layers, found -6")]
    [InlineData("\"vision_feature_layer\": -2", "\"vision_feature_layer\": [-2, -5]",
        "vision_feature_layer: expected a whole number, found [-2, -5]")]
    [InlineData("\"image_token_index\": 500", "\"image_token_index\": 512",
        "image_token_index: expected an id below text_config.vocab_size 512, found 512")]
    [InlineData("\"vocab_size\": 512", "\"vocab_size\": \"512\"", "text_config.vocab_size: expected a whole number, found \"512\"")]
    [InlineData("\"hidden_size\": 96", "\"hidden_size\": -96", "text_config.hidden_size: expected a whole number above 0, found -96")]
    [InlineData("\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 0", "text_config.rms_norm_eps: expected a number above 0, found 0")]
    [InlineData("\"head_dim\": 16", "\"head_dim\": 15", "text_config.head_dim: expected an even number")]
    [InlineData("\"patch_size\": 14", "\"patch_size\": 57", "vision_config.patch_size: expected at most image_size 56, found 57")]
    [InlineData("\"torch_dtype\": \"float32\"", "\"torch_dtype\": \"int8\"",
        "torch_dtype: expected float32 or float16 or bfloat16, found 'int8'")]
    [InlineData("\"ignore_index\": -100", "\"tie_word_embeddings\": true", "expected JSON")]
    public void An_unsupported_setting_is_refused_by_file_key_expected_and_found(string before, string after, string message)
    {
        var text = Changed(before, after);
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => LlavaConfig.Parse(text, "config.json")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_config_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("expected the model's config.json", Assert.Throws<CheckpointException>(() => LlavaConfig.Read(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    private static string Changed(string before, string after)
    {
        var text = File.ReadAllText(Path.Combine(HuggingFace.TinyFolder, "config.json"));
        if (before.Length == 0) return text;
        var at = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0, before);
        return text[..at] + after + text[(at + before.Length)..];
    }
}
