using System.Text.RegularExpressions;
using TsVlm.Contracts;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Which projections of the language model have low-rank adapters (Hu et al. 2021), and of what size; PEFT's <c>adapter_config.json</c>.
/// </summary>
public sealed record AdapterConfig
{
    /// <summary>
    /// Every projection of the language model's layers, and none of the vision tower's: <c>language_model.model.layers</c>, as this model
    /// and transformers below 4.52 name them, or <c>model.language_model.layers</c>, as transformers does since
    /// (github.com/huggingface/peft/issues/2574).
    /// </summary>
    public const string EveryProjection =
        @"(model\.)?language_model\.(model\.)?layers\.\d+\.(self_attn\.(q|k|v|o)|mlp\.(gate|up|down))_proj";

    /// <summary>Rank of B * A.</summary>
    public required int Rank { get; init; }

    /// <summary>Scale is Alpha / Rank, or Alpha / sqrt(Rank) where <see cref="RankStabilised"/>.</summary>
    public required double Alpha { get; init; }

    /// <summary>Probability with which an input of A is dropped in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the scale falls with the root of the rank (rsLoRA, Kalajdzievski 2023).</summary>
    public bool RankStabilised { get; init; }

    /// <summary>Regular expression that the whole name of an adapted projection matches.</summary>
    public string TargetPattern { get; init; } = EveryProjection;

    /// <summary>Whether the projector's weights are kept with the adapter.</summary>
    public bool SavesProjector { get; init; } = true;

    /// <summary>What B * A is multiplied with.</summary>
    public double Scale => Alpha / (RankStabilised ? Math.Sqrt(Rank) : Rank);

    /// <summary>Adapters on every projection of the language model; the projector learns with them.</summary>
    public static AdapterConfig From(LoraSettings lora) => new() { Rank = lora.Rank, Alpha = lora.Alpha, Dropout = lora.Dropout };

    /// <summary>
    /// Whether the projection of that full name, such as <c>language_model.model.layers.0.self_attn.q_proj</c>, has an adapter.
    /// </summary>
    public bool Targets(string name) =>
        Regex.IsMatch(name, $"^(?:{TargetPattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
