namespace TsVlm.VisionLanguage.Files;

/// <summary>The names that tensors of one model have in checkpoints of different ages; the model's own are those on the hub.</summary>
internal static class CheckpointKeys
{
    // The left name stands for the right one; the first that fits counts.
    private static readonly (string Stored, string Canonical)[] Prefixes =
    [
        // LLaVA's own code (llava_arch.py, clip_encoder.py) and its vision tower where that has a file of its own.
        ("model.vision_tower.vision_tower.", "vision_tower."),
        ("model.mm_projector.0.", "multi_modal_projector.linear_1."),
        ("model.mm_projector.2.", "multi_modal_projector.linear_2."),
        ("model.layers.", "language_model.model.layers."),
        ("model.embed_tokens.", "language_model.model.embed_tokens."),
        ("model.norm.", "language_model.model.norm."),
        ("vision_model.", "vision_tower.vision_model."),
        // Newer transformers (4.52 on).
        ("model.language_model.", "language_model.model."),
        ("model.vision_tower.", "vision_tower."),
        ("model.multi_modal_projector.", "multi_modal_projector."),
        ("lm_head.", "language_model.lm_head."),
    ];

    /// <summary>The model's own name for a tensor of a file.</summary>
    public static string Canonical(string name)
    {
        foreach (var (stored, canonical) in Prefixes)
            if (name.StartsWith(stored, StringComparison.Ordinal)) return canonical + name[stored.Length..];
        return name;
    }

    /// <summary>Constants that older transformers stored and that every model computes anew.</summary>
    public static bool IsComputed(string name) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || name.EndsWith(".embeddings.position_ids", StringComparison.Ordinal);

    /// <summary>A model's parameter as a checkpoint without adapters names it; null for the adapters' own.</summary>
    public static string? WithoutAdapter(string name) =>
        name.Contains(".lora_", StringComparison.Ordinal) ? null : name.Replace(".base_layer.", ".", StringComparison.Ordinal);
}
