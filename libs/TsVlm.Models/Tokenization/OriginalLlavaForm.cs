using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Representations;

namespace TsVlm.Models.Tokenization;

/// <summary>
/// A model's folder in LLaVA's own form (github.com/haotian-liu/LLaVA, llava_llama.py and clip_encoder.py), such as
/// liuhaotian/llava-v1.5-7b: the language model's sizes stand in config.json itself, the vision tower is named and may lie in a folder of
/// its own, and no token stands for the image.
/// It is translated to Hugging Face's form, with <c>&lt;image&gt;</c> and <c>&lt;pad&gt;</c> after the last token as llava-hf's conversion
/// has them.
/// </summary>
public sealed class OriginalLlavaForm
{
    /// <summary>Tokens that Hugging Face's form has more.</summary>
    public const int NumNewTokens = 2;

    private const string KnownTower = "openai/clip-vit-large-patch14-336";

    // What LlamaConfig knows of the flat keys; a missing one has Hugging Face's default there too.
    private static readonly string[] TextKeys =
    [
        "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim",
        "max_position_embeddings",
        "hidden_act", "rms_norm_eps", "rope_theta", "rope_scaling", "attention_bias", "attention_dropout", "mlp_bias", "initializer_range",
        "tie_word_embeddings",
    ];

    private readonly JsonSetting config;
    private readonly string folder;

    private OriginalLlavaForm(JsonSetting config, string folder)
    {
        this.config = config;
        this.folder = folder;
        if (config.Find("architectures") is { } names && names.Elements.All(name => name.Text != "LlavaLlamaForCausalLM"))
            throw names.Unexpected("LlavaLlamaForCausalLM beside mm_vision_tower");
        OneOf("model_type", "llava", "llava_llama");
        OneOf("mm_projector_type", "mlp2x_gelu");
        OneOf("mm_vision_select_feature", "patch", "cls_patch");
        OneOf("mm_patch_merge_type", "flat");
        if (config.Find("mm_use_im_start_end") is { Flag: true } marks) throw marks.Unexpected("false, as in LLaVA-1.5");
    }

    /// <summary>The folder where the vision tower lies if its weights are not among the model's; whether it is there or not.</summary>
    public string TowerFolder => Path.GetFullPath(config["mm_vision_tower"].Text, Path.GetFullPath(folder));

    /// <summary>Where the vision tower's weights are looked for, as an error says it.</summary>
    public string TowerAdvice =>
        $"Put config.json and model.safetensors of the CLIP model {config["mm_vision_tower"].Text} into {TowerFolder}, "
        + $"or name their folder in {config.File} under mm_vision_tower.";

    /// <summary>The folder's form; null where its config.json names no mm_vision_tower, as in Hugging Face's form.</summary>
    /// <exception cref="InvalidDataException">The model is none of LLaVA-1.5's shape; names file and key.</exception>
    public static OriginalLlavaForm? Find(string folder) =>
        JsonSetting.ReadIfThere(Path.Combine(folder, "config.json")) is { Value.ValueKind: JsonValueKind.Object } config
        && config.Find("mm_vision_tower") is not null
            ? new OriginalLlavaForm(config, folder) : null;

    /// <summary>The config.json that Hugging Face's form of the same model has.</summary>
    /// <exception cref="InvalidDataException">
    /// A key is missing or of another kind, or the vision tower's sizes are not to be found.
    /// </exception>
    public string ToHuggingFace()
    {
        var numTokens = config["vocab_size"].Number;
        var text = new JsonObject { ["model_type"] = "llama", ["vocab_size"] = numTokens + NumNewTokens };
        foreach (var key in TextKeys)
            if (config.Find(key) is { } setting) text[key] = JsonNode.Parse(setting.Value.GetRawText());
        var vision = Vision();
        if (config.Find("mm_hidden_size") is { } width && width.Number != vision["hidden_size"].Number)
            throw width.Unexpected($"the vision tower's width {vision["hidden_size"].Number}");
        var model = new JsonObject
        {
            ["architectures"] = new JsonArray("LlavaForConditionalGeneration"),
            ["model_type"] = "llava",
            ["image_token_index"] = numTokens,
            ["pad_token_id"] = numTokens + 1,
            ["projector_hidden_act"] = "gelu",
            ["vision_feature_layer"] = config["mm_vision_select_layer"].Number,
            ["vision_feature_select_strategy"] = config.Find("mm_vision_select_feature")?.Text is "cls_patch" ? "full" : "default",
            ["tie_word_embeddings"] = config.Find("tie_word_embeddings")?.Flag ?? false,
            ["torch_dtype"] = (config.Find("dtype") ?? config.Find("torch_dtype"))?.Text ?? "float32",
            ["text_config"] = text,
            ["vision_config"] = JsonNode.Parse(vision.Value.GetRawText()),
        };
        // Not a key of Hugging Face's, but how images become squares must not be lost.
        if (config.Find("image_aspect_ratio") is { } ratio) model["image_aspect_ratio"] = ratio.Text;
        return model.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
    }

    /// <summary>
    /// Writes what tells a folder of the same model in Hugging Face's form from this one: config.json, and the new tokens in
    /// added_tokens.json.
    /// </summary>
    public void WriteSettings(string target)
    {
        File.WriteAllText(Path.Combine(target, "config.json"), ToHuggingFace());
        var path = Path.Combine(target, "added_tokens.json");
        var tokens = JsonSetting.ReadIfThere(path) is { } there
            ? there.Members.ToDictionary(token => token.Name, token => token.Setting.Number) : [];
        foreach (var token in AddedTokens()) tokens[token.Content] = token.Id;
        File.WriteAllText(path, JsonSerializer.Serialize(tokens) + "\n");
    }

    /// <summary>The configuration in Hugging Face's form.</summary>
    internal JsonSetting Translated() => new(config.File, "", JsonElement.Parse(ToHuggingFace()));

    /// <summary>The tokens that only Hugging Face's form has.</summary>
    internal IEnumerable<AddedToken> AddedTokens()
    {
        var numTokens = config["vocab_size"].Number;
        return [new AddedToken(numTokens, ConversationTemplate.ImageToken) { Special = true },
            new AddedToken(numTokens + 1, "<pad>") { Special = true }];
    }

    private JsonSetting Vision()
    {
        var name = config["mm_vision_tower"];
        if (JsonSetting.ReadIfThere(Path.Combine(TowerFolder, "config.json")) is { } clip) return clip.Find("vision_config") ?? clip;
        if (name.Text == KnownTower)
            return new JsonSetting(config.File, name.Key, JsonElement.Parse("""
                { "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16, "image_size": 336, "patch_size": 14 }
                """));
        throw name.Unexpected($"\"{KnownTower}\" or a folder that holds a CLIP model's config.json (there is none in {TowerFolder})");
    }

    private void OneOf(string key, params ReadOnlySpan<string> choices)
    {
        if (config.Find(key) is { } setting && !choices.Contains(setting.Text))
            throw setting.Unexpected(string.Join(" or ", choices.ToArray()));
    }
}
