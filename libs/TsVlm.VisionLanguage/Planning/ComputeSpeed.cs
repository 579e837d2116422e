using System.Diagnostics;
using TsVlm.Contracts;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Planning;

/// <summary>How fast a device multiplies matrices.</summary>
public static class ComputeSpeed
{
    private const int Size = 1024;
    private const int NumProducts = 4;
    private static readonly TimeSpan ShortestMeasurement = TimeSpan.FromSeconds(0.3);

    /// <summary>
    /// Floating-point operations a second in products of 1024 x 1024 matrices of that precision: the best of many groups of four within a
    /// third of a second, for others may use the device meanwhile.
    /// </summary>
    public static double Measure(ComputeDevice device, Precision precision, int numThreads)
    {
        ArgumentNullException.ThrowIfNull(device);
        set_num_threads(numThreads);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var type = precision is Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var (left, right) = (ones([Size, Size], type, device.Device), ones([Size, Size], type, device.Device));
        Multiply(left, right);
        var (shortest, watch) = (double.PositiveInfinity, Stopwatch.StartNew());
        while (watch.Elapsed < ShortestMeasurement)
        {
            var started = watch.Elapsed;
            Multiply(left, right);
            shortest = Math.Min(shortest, (watch.Elapsed - started).TotalSeconds);
        }
        return NumProducts * 2.0 * Size * Size * Size / shortest;
    }

    // Reading one number waits for the device.
    private static void Multiply(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        for (var i = 1; i < NumProducts; i++) left.matmul(right).Dispose();
        _ = left.matmul(right).narrow(0, 0, 1).narrow(1, 0, 1).to(ScalarType.Float32).Value<float>();
    }
}
