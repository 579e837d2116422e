namespace TsVlm.VisionLanguage;

/// <summary>The names that tensors of one model have in checkpoints of different ages; the model's own are those on the hub.</summary>
internal static class CheckpointKeys
{
    // Newer transformers (4.52 on) writes the left name for the right one.
    private static readonly (string Newer, string Canonical)[] Prefixes =
    [
        ("model.language_model.", "language_model.model."),
        ("model.vision_tower.", "vision_tower."),
        ("model.multi_modal_projector.", "multi_modal_projector."),
        ("lm_head.", "language_model.lm_head."),
    ];

    /// <summary>The model's own name for a tensor of a file.</summary>
    public static string Canonical(string name)
    {
        foreach (var (newer, canonical) in Prefixes)
            if (name.StartsWith(newer, StringComparison.Ordinal)) return canonical + name[newer.Length..];
        return name;
    }

    /// <summary>Constants that older transformers stored and that every model computes anew.</summary>
    public static bool IsComputed(string name) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || name.EndsWith(".embeddings.position_ids", StringComparison.Ordinal);

    /// <summary>A model's parameter as a checkpoint without adapters names it; null for the adapters' own.</summary>
    public static string? WithoutAdapter(string name) =>
        name.Contains(".lora_", StringComparison.Ordinal) ? null : name.Replace(".base_layer.", ".", StringComparison.Ordinal);
}
