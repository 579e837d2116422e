using TorchSharp;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Numerics;

/// <summary>
/// Sums whose hidden factor of 1 cannot be freed meanwhile; see <see cref="Constants"/>. TorchSharp's own + makes a new 1 each time.
/// </summary>
internal static class TensorSum
{
    /// <summary>Elementwise sum, shapes broadcast.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, Constants.Whole(1));

    /// <summary>The number, one of <see cref="Constants"/>, added to every element.</summary>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, Constants.Whole(1));
}
