using System.Globalization;
using TorchSharp;
using TsVlm.Contracts;

namespace TsVlm.VisionLanguage.Numerics;

/// <summary>Where tensors are computed: the CPU, or one of the machine's NVIDIA GPUs.</summary>
public sealed record ComputeDevice
{
    /// <summary>What people may name.</summary>
    public const string Names = "cpu, cuda, cuda:N or auto";

    private const string Cuda = "cuda";

    private ComputeDevice(torch.Device device, string name) => (Device, Name) = (device, name);

    /// <summary>The CPU.</summary>
    public static ComputeDevice Cpu { get; } = new(torch.CPU, "cpu");

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Name { get; }

    /// <summary>The device as the tensor library knows it.</summary>
    public torch.Device Device { get; }

    /// <summary>
    /// Finds the device of that name; <c>auto</c> is the first GPU, or the CPU where there is none, <c>cuda</c> is <c>cuda:0</c>.
    /// </summary>
    /// <exception cref="DeviceException">No such name, or no such GPU in this machine or for this build.</exception>
    public static ComputeDevice Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == "cpu") return Cpu;
        var numGpus = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (name == "auto") return numGpus > 0 ? Gpu(0) : Cpu;
        if (!TryIndex(name, out var index)) throw new DeviceException($"Device: expected {Names}, found '{name}'.");
        if (index < numGpus) return Gpu(index);
        throw new DeviceException($"Device {name}: expected an NVIDIA GPU that this build can use, found {numGpus}. "
            + (numGpus > 0 ? $"Name one from cuda:0 to cuda:{numGpus - 1}, or cpu."
                : "Build with -p:TorchCuda=true on a machine with a driver, or name cpu."));
    }

    private static ComputeDevice Gpu(int index) =>
        new(new torch.Device(DeviceType.CUDA, index), FormattableString.Invariant($"{Cuda}:{index}"));

    private static bool TryIndex(string name, out int index)
    {
        index = 0;
        return name == Cuda
            || (name.StartsWith($"{Cuda}:", StringComparison.Ordinal)
                && int.TryParse(name[(Cuda.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out index));
    }
}

/// <summary>A device that is not there; the message says which, and what to do.</summary>
public sealed class DeviceException(string message) : Exception(message), IUserFacingError;
