using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>The element-wise functions that the model's feed-forward layers use.</summary>
public enum Activation
{
    /// <summary>x * Phi(x), by the error function (Hendrycks and Gimpel 2016).</summary>
    Gelu,
    /// <summary>x * sigmoid(1.702 x), OpenAI CLIP's approximation of it.</summary>
    QuickGelu,
    /// <summary>x * sigmoid(x).</summary>
    Silu,
    /// <summary>max(x, 0).</summary>
    Relu,
}

internal static class Activations
{
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Gelu => nn.functional.gelu(x),
        Activation.QuickGelu => x * (x * Constants.Real(1.702)).sigmoid(),
        Activation.Silu => nn.functional.silu(x),
        Activation.Relu => nn.functional.relu(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation."),
    };
}
