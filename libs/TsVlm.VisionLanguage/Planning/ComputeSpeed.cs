using System.Diagnostics;
using TsVlm.Contracts;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage;

/// <summary>How fast a device multiplies matrices.</summary>
public static class ComputeSpeed
{
    private const int Size = 1024;
    private static readonly TimeSpan ShortestMeasurement = TimeSpan.FromSeconds(0.3);

    /// <summary>Floating-point operations a second in products of 1024 x 1024 matrices of that precision, over a third of a second.</summary>
    public static double Measure(ComputeDevice device, Precision precision, int numThreads)
    {
        ArgumentNullException.ThrowIfNull(device);
        set_num_threads(numThreads);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var type = precision is Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var (left, right) = (ones([Size, Size], type, device.Device), ones([Size, Size], type, device.Device));
        Multiply(left, right, 2);
        var numProducts = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < ShortestMeasurement) numProducts += Multiply(left, right, 4);
        return numProducts * 2.0 * Size * Size * Size / watch.Elapsed.TotalSeconds;
    }

    // Reading one number waits for the device.
    private static int Multiply(Tensor left, Tensor right, int times)
    {
        using var scope = NewDisposeScope();
        for (var i = 1; i < times; i++) left.matmul(right).Dispose();
        _ = left.matmul(right).narrow(0, 0, 1).narrow(1, 0, 1).to(ScalarType.Float32).Value<float>();
        return times;
    }
}
