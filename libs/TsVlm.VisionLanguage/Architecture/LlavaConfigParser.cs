using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Reads Hugging Face's <c>config.json</c> of LlavaForConditionalGeneration, as transformers 4.x and 5.x write it.
/// A missing key has the default of transformers' LlavaConfig, CLIPVisionConfig or LlamaConfig.
/// </summary>
internal static class LlavaConfigParser
{
    public static LlavaConfig Parse(string json, string source)
    {
        var root = JsonSettings.Parse(json, source);
        var architectures = root.Texts("architectures");
        if (architectures.Count > 0 && !architectures.Contains("LlavaForConditionalGeneration"))
            throw root.Error("architectures", "LlavaForConditionalGeneration", string.Join(", ", architectures));
        _ = root.OneOf("model_type", "llava", ("llava", true));
        var config = new LlavaConfig
        {
            Vision = Vision(root.Object("vision_config")),
            Text = Text(root.Object("text_config") ?? JsonSettings.Parse("{}", source)),
            ImageTokenId = root.Whole("image_token_index", root.Whole("image_token_id", 32000)),
            VisionFeatureLayer = root.Whole("vision_feature_layer", -2),
            KeepClassToken = root.OneOf("vision_feature_select_strategy", "default", ("default", false), ("full", true)),
            ProjectorActivation = ActivationOf(root, "projector_hidden_act", "gelu"),
            ProjectorBias = root.Flag("multimodal_projector_bias", true),
            TieWordEmbeddings = Tied(root),
            WeightType = WeightType(root),
        };
        if (config.NumVisionLayersUsed < 0 || config.NumVisionLayersUsed > config.Vision.NumLayers)
            throw root.Error("vision_feature_layer", $"a hidden state of {config.Vision.NumLayers} layers", $"{config.VisionFeatureLayer}");
        if (config.ImageTokenId < 0 || config.ImageTokenId >= config.Text.VocabularySize)
            throw root.Error("image_token_index", $"an id below text_config.vocab_size {config.Text.VocabularySize}",
                $"{config.ImageTokenId}");
        return config;
    }

    private static VisionConfig Vision(JsonSettings? vision)
    {
        // LlavaConfig's own default, where vision_config is absent, is CLIP ViT-L/14 at 336 pixels.
        if (vision is null) return new VisionConfig { Width = 1024, FeedForwardWidth = 4096, NumLayers = 24, NumHeads = 16, ImageSize = 336,
            PatchSize = 14 };
        _ = vision.OneOf("model_type", "clip_vision_model", ("clip_vision_model", true));
        RefuseDropout(vision);
        var config = new VisionConfig
        {
            Width = vision.Count("hidden_size", 768),
            FeedForwardWidth = vision.Count("intermediate_size", 3072),
            NumLayers = vision.Count("num_hidden_layers", 12),
            NumHeads = vision.Count("num_attention_heads", 12),
            NumChannels = vision.Count("num_channels", 3),
            ImageSize = vision.Count("image_size", 224),
            PatchSize = vision.Count("patch_size", 32),
            Activation = ActivationOf(vision, "hidden_act", "quick_gelu"),
            NormEpsilon = vision.Positive("layer_norm_eps", 1e-5),
            InitializerRange = vision.Positive("initializer_range", 0.02),
            InitializerFactor = vision.Positive("initializer_factor", 1),
        };
        if (config.Width % config.NumHeads != 0)
            throw vision.Error("num_attention_heads", $"a divisor of hidden_size {config.Width}", $"{config.NumHeads}");
        if (config.PatchSize > config.ImageSize)
            throw vision.Error("patch_size", $"at most image_size {config.ImageSize}", $"{config.PatchSize}");
        return config;
    }

    private static TextConfig Text(JsonSettings text)
    {
        _ = text.OneOf("model_type", "llama", ("llama", true));
        RefuseDropout(text);
        var width = text.Count("hidden_size", 4096);
        var numHeads = text.Count("num_attention_heads", 32);
        var config = new TextConfig
        {
            VocabularySize = text.Count("vocab_size", 32000),
            Width = width,
            FeedForwardWidth = text.Count("intermediate_size", 11008),
            NumLayers = text.Count("num_hidden_layers", 32),
            NumHeads = numHeads,
            NumKeyValueHeads = text.Count("num_key_value_heads", numHeads),
            HeadWidth = text.Count("head_dim", Math.Max(1, width / numHeads)),
            ContextLength = text.Count("max_position_embeddings", 2048),
            Activation = ActivationOf(text, "hidden_act", "silu"),
            NormEpsilon = text.Positive("rms_norm_eps", 1e-6),
            RopeTheta = RopeTheta(text),
            AttentionBias = text.Flag("attention_bias", false),
            FeedForwardBias = text.Flag("mlp_bias", false),
            InitializerRange = text.Positive("initializer_range", 0.02),
        };
        if (!text.Has("head_dim") && width % numHeads != 0)
            throw text.Error("num_attention_heads", $"a divisor of hidden_size {width}, or a head_dim", $"{numHeads}");
        if (numHeads % config.NumKeyValueHeads != 0)
            throw text.Error("num_key_value_heads", $"a divisor of num_attention_heads {numHeads}", $"{config.NumKeyValueHeads}");
        if (config.HeadWidth % 2 != 0)
            throw text.Error("head_dim", "an even number, for the rotary embedding turns pairs", $"{config.HeadWidth}");
        return config;
    }

    // transformers 4.x: rope_theta, rope_scaling {type or rope_type}; 5.x: rope_parameters {rope_theta, rope_type}.
    private static double RopeTheta(JsonSettings text)
    {
        var parameters = text.Object("rope_parameters");
        foreach (var scaling in new[] { text.Object("rope_scaling"), parameters })
        {
            if (scaling is null) continue;
            var key = scaling.Has("rope_type") ? "rope_type" : "type";
            _ = scaling.OneOf(key, "default", ("default", true));
        }
        return parameters is not null && parameters.Has("rope_theta")
            ? parameters.Positive("rope_theta", 10000) : text.Positive("rope_theta", 10000);
    }

    private static bool Tied(JsonSettings root)
    {
        var text = root.Object("text_config");
        var tied = root.Flag("tie_word_embeddings", text?.Flag("tie_word_embeddings", false) ?? false);
        if (text is not null && text.Flag("tie_word_embeddings", tied) != tied)
            throw root.Error("tie_word_embeddings", "the same as text_config.tie_word_embeddings", tied ? "true" : "false");
        return tied;
    }

    private static ScalarType WeightType(JsonSettings root) => root.OneOf(root.Has("dtype") ? "dtype" : "torch_dtype", "float32",
        ("float32", ScalarType.Float32), ("float16", ScalarType.Float16), ("bfloat16", ScalarType.BFloat16));

    private static Activation ActivationOf(JsonSettings settings, string key, string missing) => settings.OneOf(key, missing,
        ("gelu", Activation.Gelu), ("quick_gelu", Activation.QuickGelu), ("silu", Activation.Silu), ("relu", Activation.Relu));

    private static void RefuseDropout(JsonSettings settings)
    {
        if (settings.Number("attention_dropout", 0) != 0) throw settings.Error("attention_dropout", "0", "another probability");
    }
}
