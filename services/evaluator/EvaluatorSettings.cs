using TsVlm.ServiceDefaults;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Evaluator;

/// <summary>How the evaluator uses its machine.</summary>
public sealed record EvaluatorSettings
{
    /// <summary>Threads for inference and for the baselines' distances.</summary>
    public int NumThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Where models predict: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for the first GPU where there is one.
    /// </summary>
    public string Device { get; init; } = "auto";

    /// <summary>The settings of a service of its own.</summary>
    /// <exception cref="SettingException">One is out of bounds, or there is no such device.</exception>
    public static EvaluatorSettings Read(Settings settings)
    {
        var defaultValue = new EvaluatorSettings();
        var device = settings.Find("Evaluator__Device") ?? defaultValue.Device;
        try
        {
            ComputeDevice.Open(device);
        }
        catch (DeviceException error)
        {
            throw new SettingException($"Evaluator__Device: {error.Message}");
        }
        return new() { Device = device, NumThreads = settings.Number("Evaluator__NumThreads", defaultValue.NumThreads, 1, 1024) };
    }
}
