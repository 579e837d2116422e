using TsVlm.ServiceDefaults;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Trainer;

/// <summary>How the trainer uses its machine.</summary>
public sealed record TrainerSettings
{
    /// <summary>Threads of the tensor library. Weights are equal bit for bit only at an equal number of threads.</summary>
    public int NumThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Where the model is trained: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for the first GPU where there is one.
    /// </summary>
    public string Device { get; init; } = "auto";

    /// <summary>About how much training a sudden end may cost; a snapshot is taken so often.</summary>
    public TimeSpan TimeBetweenSnapshots { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The settings of a service of its own.</summary>
    /// <exception cref="SettingException">One is out of bounds, or there is no such device.</exception>
    public static TrainerSettings Read(Settings settings)
    {
        var defaultValue = new TrainerSettings();
        var device = settings.Find("Trainer__Device") ?? defaultValue.Device;
        try
        {
            ComputeDevice.Open(device);
        }
        catch (DeviceException error)
        {
            throw new SettingException($"Trainer__Device: {error.Message}");
        }
        return new()
        {
            Device = device,
            NumThreads = settings.Number("Trainer__NumThreads", defaultValue.NumThreads, 1, 1024),
            TimeBetweenSnapshots = settings.Seconds("Trainer__SecondsBetweenSnapshots", defaultValue.TimeBetweenSnapshots, 0, 86_400),
        };
    }
}
