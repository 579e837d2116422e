using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Numerics;

/// <summary>Reads the value of a tensor with one element; see <see cref="Constants"/> for why not by <c>item</c>.</summary>
internal static class TensorValue
{
    /// <summary>The element of a tensor of that type.</summary>
    public static T Value<T>(this Tensor tensor) where T : unmanaged
    {
        using var local = tensor.cpu();
        return local.data<T>()[0];
    }
}
