using TsVlm.Contracts;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>Which weights a recipe trains, by their checkpoint keys.</summary>
internal static class LearnedWeights
{
    /// <summary>How the projector's keys begin.</summary>
    public const string Projector = "multi_modal_projector.";

    private const string LanguageModel = "language_model.";

    /// <summary>Whether a weight of that name, or whose name begins so, learns.</summary>
    public static bool Includes(string name, TrainedPart trained) => trained switch
    {
        TrainedPart.Full => true,
        TrainedPart.ProjectorAndLanguageModel =>
            name.StartsWith(Projector, StringComparison.Ordinal) || name.StartsWith(LanguageModel, StringComparison.Ordinal),
        TrainedPart.Lora => name.StartsWith(Projector, StringComparison.Ordinal) || IsAdapter(name),
        _ => throw new ArgumentOutOfRangeException(nameof(trained), trained, "No such part of the model."),
    };

    /// <summary>Whether a weight of that name belongs to an adapter.</summary>
    public static bool IsAdapter(string name) =>
        name.EndsWith(".lora_A.weight", StringComparison.Ordinal) || name.EndsWith(".lora_B.weight", StringComparison.Ordinal);
}
