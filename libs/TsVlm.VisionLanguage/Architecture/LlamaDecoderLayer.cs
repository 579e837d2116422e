using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// One layer of the decoder: norm, attention, add; norm, gated feed-forward, add. (B, T, D) -> (B, T, D), or (B, M, D) for the M tokens
/// read.
/// </summary>
internal sealed class LlamaDecoderLayer : Module<Tensor, DecoderPass, Tensor>
{
    private readonly RmsNorm input_layernorm;
    private readonly LlamaAttention self_attn;
    private readonly RmsNorm post_attention_layernorm;
    private readonly LlamaFeedForward mlp;

    public LlamaDecoderLayer(TextConfig config, int layer, ProjectionFactory projection, WeightFormat format)
        : base(nameof(LlamaDecoderLayer))
    {
        input_layernorm = new RmsNorm(config.Width, config.NormEpsilon, format);
        self_attn = new LlamaAttention(config,
            layer, (name, inputs, outputs, bias) => projection($"self_attn.{name}", inputs, outputs, bias));
        post_attention_layernorm = new RmsNorm(config.Width, config.NormEpsilon, format);
        mlp = new LlamaFeedForward(config, (name, inputs, outputs, bias) => projection($"mlp.{name}", inputs, outputs, bias));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, DecoderPass pass)
    {
        using var scope = NewDisposeScope();
        x = (pass.Read?.Of(x) ?? x).Plus(self_attn.forward(input_layernorm.forward(x), pass));
        x = x.Plus(mlp.forward(post_attention_layernorm.forward(x)));
        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>SwiGLU (Shazeer 2020): down(silu(gate(x)) * up(x)), (B, T, D) -> (B, T, D).</summary>
internal sealed class LlamaFeedForward : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> gate_proj;
    private readonly Module<Tensor, Tensor> up_proj;
    private readonly Module<Tensor, Tensor> down_proj;
    private readonly Activation activation;

    public LlamaFeedForward(TextConfig config, ProjectionFactory projection) : base(nameof(LlamaFeedForward))
    {
        gate_proj = projection("gate_proj", config.Width, config.FeedForwardWidth, config.FeedForwardBias);
        up_proj = projection("up_proj", config.Width, config.FeedForwardWidth, config.FeedForwardBias);
        down_proj = projection("down_proj", config.FeedForwardWidth, config.Width, config.FeedForwardBias);
        activation = config.Activation;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var gated = activation.Apply(gate_proj.forward(x)) * up_proj.forward(x);                 // (B, T, F)
        return down_proj.forward(gated).MoveToOuterDisposeScope();
    }
}
