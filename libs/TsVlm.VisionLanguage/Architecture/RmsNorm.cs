using TorchSharp;
using TorchSharp.Modules;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Root-mean-square norm (Zhang and Sennrich 2019): y = w * x / sqrt(mean(x^2) + eps), in float32 whatever x is, as Llama does.
/// </summary>
internal sealed class RmsNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;   // (D)
    private readonly Scalar epsilon;

    public RmsNorm(long width, double epsilon, WeightFormat format) : base(nameof(RmsNorm))
    {
        weight = format.Ones(width);
        this.epsilon = Constants.Real(epsilon);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var inverse = wide.pow(Constants.Real(2)).mean([-1], keepdim: true).Plus(epsilon).rsqrt();   // (B, T, 1)
        return (weight.In(x.dtype) * (wide * inverse).to(x.dtype)).MoveToOuterDisposeScope();
    }
}
