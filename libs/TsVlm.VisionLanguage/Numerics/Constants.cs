using System.Collections.Concurrent;
using TorchSharp;

namespace TsVlm.VisionLanguage.Numerics;

/// <summary>
/// Numbers as TorchSharp passes them to the native side, kept for the life of the process. A number converted on the spot is freed by its
/// finalizer, which may run while the native call still reads it: the call then fails, or computes with another number. So a number
/// that is always the same comes from here, one that changes is held in a <c>using</c>, and a tensor's value is read by <see cref="TensorValue"/>.
/// </summary>
internal static class Constants
{
    private static readonly ConcurrentDictionary<double, Scalar> Reals = new();
    private static readonly ConcurrentDictionary<long, Scalar> Wholes = new();

    /// <summary>The number, for tensors of real numbers.</summary>
    public static Scalar Real(double value) => Reals.GetOrAdd(value, number => number);

    /// <summary>The number, for tensors of whole numbers.</summary>
    public static Scalar Whole(long value) => Wholes.GetOrAdd(value, number => number);
}
