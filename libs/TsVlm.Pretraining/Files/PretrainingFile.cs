using System.Text.Json;

namespace TsVlm.Pretraining.Files;

/// <summary>The file of a pretrained model's folder that states the settings which made it.</summary>
internal static class PretrainingFile
{
    /// <summary>Its name.</summary>
    public const string Name = "pretraining.json";

    /// <summary>
    /// Whether a folder holds a model of a pretraining that taught no descriptions; false for a model of any other origin, which may have
    /// learnt them elsewhere.
    /// </summary>
    public static bool LacksDescriptions(string folder)
    {
        var file = Path.Combine(folder, Name);
        if (!File.Exists(file)) return false;
        using var settings = JsonDocument.Parse(File.ReadAllText(file));
        return !settings.RootElement.TryGetProperty("descriptions", out var taught) || !taught.GetBoolean();
    }
}
