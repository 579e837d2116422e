using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// What all decoder layers share in one pass, and for the last one the tokens that are read from it; null for all of them.
/// </summary>
internal sealed record DecoderPass(RotaryEmbedding Rotary, AttentionMask Mask, KeyValueCache? Cache, SelectedPositions? Read = null)
{
    /// <summary>What a layer needs beside its input to be computed again.</summary>
    public IEnumerable<Tensor> Tensors =>
        [.. Rotary.Tensors, .. Mask.Added is { } added ? [added] : Array.Empty<Tensor>(), .. Read?.Tensors ?? []];
}

/// <summary>Makes the projection of a name within the language model: a plain linear layer, or one with an adapter.</summary>
internal delegate Module<Tensor, Tensor> ProjectionFactory(string name, long inputs, long outputs, bool hasBias);

/// <summary>Causal self-attention with rotary positions and grouped key and value heads (Ainslie et al. 2023).</summary>
internal sealed class LlamaAttention : Module<Tensor, DecoderPass, Tensor>
{
    // Shapes: B batch, T tokens, M tokens asked for (T where none are named), S keys, D width, H query heads, G key and value heads, K head
    // width.
    private readonly Module<Tensor, Tensor> q_proj;
    private readonly Module<Tensor, Tensor> k_proj;
    private readonly Module<Tensor, Tensor> v_proj;
    private readonly Module<Tensor, Tensor> o_proj;
    private readonly int layer;
    private readonly int numHeads;
    private readonly int numGroups;
    private readonly int headWidth;

    public LlamaAttention(TextConfig config, int layer, ProjectionFactory projection) : base(nameof(LlamaAttention))
    {
        this.layer = layer;
        numHeads = config.NumHeads;
        numGroups = config.NumKeyValueHeads;
        headWidth = config.HeadWidth;
        q_proj = projection("q_proj", config.Width, numHeads * headWidth, config.AttentionBias);
        k_proj = projection("k_proj", config.Width, numGroups * headWidth, config.AttentionBias);
        v_proj = projection("v_proj", config.Width, numGroups * headWidth, config.AttentionBias);
        o_proj = projection("o_proj", numHeads * headWidth, config.Width, config.AttentionBias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, DecoderPass pass)
    {
        using var scope = NewDisposeScope();
        var asked = pass.Read?.Of(x) ?? x;                                                       // (B, M, D)
        var q = (pass.Read?.Rotary ?? pass.Rotary).Apply(SplitHeads(q_proj.forward(asked), numHeads));   // (B, H, M, K)
        var k = pass.Rotary.Apply(SplitHeads(k_proj.forward(x), numGroups));                      // (B, G, T, K)
        var v = SplitHeads(v_proj.forward(x), numGroups);                                        // (B, G, T, K)
        if (pass.Cache is { } cache) (k, v) = cache.Append(layer, k, v);                         // (B, G, S, K)
        var mixed = (pass.Read?.Mask ?? pass.Mask.Added) is { } mask ? Masked(q, k, v, mask)
            : functional.scaled_dot_product_attention(q, ForEveryHead(k), ForEveryHead(v), is_casual: true);   // (B, H, M, K)
        var joined = mixed.transpose(1, 2).reshape(x.shape[0], asked.shape[1], numHeads * headWidth);    // (B, M, H * K)
        return o_proj.forward(joined).MoveToOuterDisposeScope();                                 // (B, M, D)
    }

    private Tensor SplitHeads(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, headWidth).transpose(1, 2);

    // The queries of the heads that read one group stand one after the other, so that a long cache is not copied for every head.
    private Tensor Masked(Tensor q, Tensor k, Tensor v, Tensor mask)
    {
        var (batch, length, perGroup) = (q.shape[0], q.shape[2], numHeads / numGroups);
        var rows = q.reshape(batch, numGroups, perGroup * length, headWidth);                    // (B, G, H/G * T, K)
        var mixed = functional.scaled_dot_product_attention(rows, k, v, mask.repeat(1, 1, perGroup, 1));
        return mixed.reshape(batch, numHeads, length, headWidth);                                // (B, H, T, K)
    }

    // (B, G, S, K) -> (B, H, S, K): head h reads group h / (H / G).
    private Tensor ForEveryHead(Tensor x)
    {
        if (numHeads == numGroups) return x;
        var (batch, length) = (x.shape[0], x.shape[2]);
        return x.unsqueeze(2).expand(batch, numGroups, numHeads / numGroups, length, headWidth).reshape(batch, numHeads, length, headWidth);
    }
}
