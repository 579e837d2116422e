using TorchSharp;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// A linear layer with a low-rank adapter (Hu et al. 2021): y = base(x) + scale * B(A(dropout(x))), (.., In) -> (.., Out).
/// B starts at zero, so that before training it equals the base layer. Named as in PEFT. A and B are float32 masters; their products are
/// in the type of x, as PEFT's are under autocast: float32 would keep a second, wide copy of every x for the backward pass.
/// </summary>
internal sealed class LoraLinear : Module<Tensor, Tensor>
{
    private readonly LinearLayer base_layer;
    private readonly LinearLayer lora_A;    // (R, In)
    private readonly LinearLayer lora_B;    // (Out, R)
    private readonly Scalar scale;
    private readonly double dropout;
    private readonly SeededDropout.Place drop;

    public LoraLinear(long inputs, long outputs, bool hasBias, AdapterConfig adapter, SeededDropout drop, WeightFormat format)
        : base(nameof(LoraLinear))
    {
        base_layer = new LinearLayer(inputs, outputs, hasBias, format);
        lora_A = new LinearLayer(inputs, adapter.Rank, hasBias: false, format.Master);
        lora_B = new LinearLayer(adapter.Rank, outputs, hasBias: false, format.Master);
        scale = Constants.Real(adapter.Scale);
        dropout = adapter.Dropout;
        this.drop = drop.NextPlace();
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var narrow = lora_A.forward(drop.Apply(x, training ? dropout : 0));                      // (.., R)
        return base_layer.forward(x).Plus(lora_B.forward(narrow) * scale).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Adds the adapter to the base weight, W' = W + scale * B * A, and sets B to zero, so that the layer computes what it did.
    /// </summary>
    public void Merge()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        base_layer.Weight.add_((lora_B.Weight.matmul(lora_A.Weight) * scale).to(base_layer.Weight.dtype), Constants.Whole(1));
        lora_B.Weight.zero_();
    }

    /// <summary>Whether B is zero, so that the layer computes what its base does.</summary>
    public bool IsMerged()
    {
        using var scope = NewDisposeScope();
        return !lora_B.Weight.any().Value<bool>();
    }
}
