using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>One layer of the encoder: norm, attention, add; norm, feed-forward, add. (N, T, D) -> (N, T, D).</summary>
internal sealed class ClipEncoderLayer : Module<Tensor, Tensor>
{
    private readonly LayerNorm layer_norm1;
    private readonly ClipAttention self_attn;
    private readonly LayerNorm layer_norm2;
    private readonly ClipFeedForward mlp;

    public ClipEncoderLayer(VisionConfig config, WeightFormat format) : base(nameof(ClipEncoderLayer))
    {
        layer_norm1 = new LayerNorm(config.Width, config.NormEpsilon, format);
        self_attn = new ClipAttention(config, format);
        layer_norm2 = new LayerNorm(config.Width, config.NormEpsilon, format);
        mlp = new ClipFeedForward(config, format);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = x.Plus(self_attn.forward(layer_norm1.forward(x)));
        x = x.Plus(mlp.forward(layer_norm2.forward(x)));
        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>Self-attention in which every token sees every other.</summary>
internal sealed class ClipAttention : Module<Tensor, Tensor>
{
    // Shapes: N images, T tokens, D width, H heads, K head width (D = H * K).
    private readonly LinearLayer q_proj;
    private readonly LinearLayer k_proj;
    private readonly LinearLayer v_proj;
    private readonly LinearLayer out_proj;
    private readonly int numHeads;

    public ClipAttention(VisionConfig config, WeightFormat format) : base(nameof(ClipAttention))
    {
        numHeads = config.NumHeads;
        q_proj = new LinearLayer(config.Width, config.Width, hasBias: true, format);
        k_proj = new LinearLayer(config.Width, config.Width, hasBias: true, format);
        v_proj = new LinearLayer(config.Width, config.Width, hasBias: true, format);
        out_proj = new LinearLayer(config.Width, config.Width, hasBias: true, format);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var q = SplitHeads(q_proj.forward(x));                                                   // (N, H, T, K)
        var k = SplitHeads(k_proj.forward(x));                                                   // (N, H, T, K)
        var v = SplitHeads(v_proj.forward(x));                                                   // (N, H, T, K)
        var mixed = functional.scaled_dot_product_attention(q, k, v);                            // (N, H, T, K)
        return out_proj.forward(mixed.transpose(1, 2).reshape(x.shape)).MoveToOuterDisposeScope();
    }

    private Tensor SplitHeads(Tensor x) => x.view(x.shape[0], x.shape[1], numHeads, x.shape[2] / numHeads).transpose(1, 2);
}

/// <summary>fc2(activation(fc1(x))).</summary>
internal sealed class ClipFeedForward : Module<Tensor, Tensor>
{
    private readonly LinearLayer fc1;
    private readonly LinearLayer fc2;
    private readonly Activation activation;

    public ClipFeedForward(VisionConfig config, WeightFormat format) : base(nameof(ClipFeedForward))
    {
        fc1 = new LinearLayer(config.Width, config.FeedForwardWidth, hasBias: true, format);
        fc2 = new LinearLayer(config.FeedForwardWidth, config.Width, hasBias: true, format);
        activation = config.Activation;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return fc2.forward(activation.Apply(fc1.forward(x))).MoveToOuterDisposeScope();
    }
}
