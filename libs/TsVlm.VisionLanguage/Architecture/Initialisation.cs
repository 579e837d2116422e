using TorchSharp;
using TorchSharp.Modules;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Weights at the start, as Hugging Face draws them: modeling_llava.py, modeling_clip.py and modeling_llama.py, _init_weights.
/// </summary>
internal static class Initialisation
{
    /// <summary>Draws every weight, in the order of their names, from one generator.</summary>
    public static void All(Llava model, int seed) => Draw(model, seed, _ => true);

    /// <summary>Draws the adapters' weights alone.</summary>
    public static void Adapters(Llava model, int seed) => Draw(model, seed, IsAdapter);

    private static void Draw(Llava model, int seed, Func<string, bool> isDrawn)
    {
        // Weights that take no memory have no values.
        if (model.Device.type is DeviceType.META) return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        // On the CPU whatever the model's device is, so that a seed means the same weights everywhere.
        using var generator = new Generator((ulong)seed, CPU);
        foreach (var (name, parameter) in model.named_parameters().OrderBy(pair => pair.name, StringComparer.Ordinal))
            if (isDrawn(name)) parameter.copy_(Start(name, parameter, model.Config, generator));
    }

    private static bool IsAdapter(string name) => name.Contains(".lora_", StringComparison.Ordinal);

    private static Tensor Start(string name, Parameter parameter, LlavaConfig config, Generator generator)
    {
        // PEFT: kaiming_uniform(a = sqrt(5)) for A, which is uniform within 1 / sqrt(In), and zero for B.
        if (name.EndsWith("lora_B.weight", StringComparison.Ordinal)) return zeros(parameter.shape);
        if (IsAdapter(name))
            return ((rand(parameter.shape, generator: generator) * Constants.Real(2)) - Constants.Real(1))
                / Constants.Real(Math.Sqrt(parameter.shape[1]));
        if (name.EndsWith(".bias", StringComparison.Ordinal)) return zeros(parameter.shape);
        if (name.Contains("norm", StringComparison.Ordinal)) return ones(parameter.shape);
        var deviation = name.StartsWith("vision_tower.", StringComparison.Ordinal)
            ? VisionDeviation(name, config.Vision) : config.Text.InitializerRange;
        return randn(parameter.shape, generator: generator) * Constants.Real(deviation);
    }

    private static double VisionDeviation(string name, VisionConfig config)
    {
        var input = Math.Pow(config.Width, -0.5) * Math.Pow(2 * config.NumLayers, -0.5);
        return config.InitializerFactor * name.Split('.')[^2] switch
        {
            "q_proj" or "k_proj" or "v_proj" or "fc2" => input,
            "out_proj" => Math.Pow(config.Width, -0.5),
            "fc1" => Math.Pow(2 * config.Width, -0.5),
            "embeddings" => Math.Pow(config.Width, -0.5),   // the class token
            _ => config.InitializerRange,                   // patches and positions
        };
    }
}
