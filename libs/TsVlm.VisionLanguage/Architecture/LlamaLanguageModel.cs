using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>A Llama decoder with its head (Touvron et al. 2023), after Hugging Face's modeling_llama.py.</summary>
internal sealed class LlamaLanguageModel : Module
{
    // Shapes: B batch, T tokens, D width, V vocabulary.
    private readonly LlamaDecoder model;
    private readonly LinearLayer? lm_head;

    public LlamaLanguageModel(TextConfig config, bool tiedHead, ProjectionFactory projection, WeightFormat format)
        : base(nameof(LlamaLanguageModel))
    {
        model = new LlamaDecoder(config, (name, inputs, outputs, bias) => projection($"model.{name}", inputs, outputs, bias), format);
        if (!tiedHead) lm_head = new LinearLayer(config.Width, config.VocabularySize, hasBias: false, format);
        RegisterComponents();
    }

    public LlamaDecoder Decoder => model;

    /// <summary>Weights of the output layer (V, D); null where the embeddings serve as such.</summary>
    public Tensor? OutputLayer => lm_head?.Weight;

    /// <summary>Scores of every next token, (.., D) -> (.., V).</summary>
    public Tensor Logits(Tensor hiddenStates)
    {
        if (lm_head is not null) return lm_head.forward(hiddenStates);
        using var scope = NewDisposeScope();
        return functional.linear(hiddenStates, model.EmbeddingWeight.In(hiddenStates.dtype)).MoveToOuterDisposeScope();
    }
}

/// <summary>Embedding, layers and final norm.</summary>
internal sealed class LlamaDecoder : Module
{
    private readonly TokenEmbedding embed_tokens;
    private readonly ModuleList<LlamaDecoderLayer> layers;
    private readonly RmsNorm norm;
    private readonly TextConfig config;

    public LlamaDecoder(TextConfig config, ProjectionFactory projection, WeightFormat format) : base(nameof(LlamaDecoder))
    {
        this.config = config;
        embed_tokens = new TokenEmbedding(config.VocabularySize, config.Width, format);
        layers = new ModuleList<LlamaDecoderLayer>([.. Enumerable.Range(0, config.NumLayers).Select(layer =>
            new LlamaDecoderLayer(config,
                layer, (name, inputs, outputs, bias) => projection($"layers.{layer}.{name}", inputs, outputs, bias), format))]);
        norm = new RmsNorm(config.Width, config.NormEpsilon, format);
        RegisterComponents();
    }

    /// <summary>Records the layers in place of their activations.</summary>
    public GradientCheckpointing? Checkpointing { get; set; }

    public Parameter EmbeddingWeight => embed_tokens.Weight;

    /// <summary>Embeddings of the tokens, (B, T) -> (B, T, D).</summary>
    public Tensor Embed(Tensor inputIds) => embed_tokens.forward(inputIds);

    /// <summary>
    /// (B, T, D) -> (B, T, D) after the final norm; <paramref name="positionIds"/> (B, T) counts the tokens, padding left out. Where only M
    /// tokens of each row are read, <paramref name="readAt"/> (B, M), the last layer answers for those alone: (B, M, D).
    /// </summary>
    public Tensor Forward(Tensor embeddings, Tensor positionIds, AttentionMask mask, KeyValueCache? cache, Tensor? readAt = null)
    {
        using var scope = NewDisposeScope();
        return norm.forward(RunLayers(embeddings, positionIds, mask, cache, config.NumLayers, readAt)).MoveToOuterDisposeScope();
    }

    /// <summary>The hidden state after the first <paramref name="numLayers"/> layers, before the final norm.</summary>
    public Tensor RunLayers(Tensor embeddings, Tensor positionIds, AttentionMask mask, KeyValueCache? cache, int numLayers,
        Tensor? readAt = null)
    {
        using var scope = NewDisposeScope();
        var rotary = new RotaryEmbedding(positionIds, config.HeadWidth, config.RopeTheta, embeddings.dtype);
        var (pass, last) = (new DecoderPass(rotary, mask, cache), numLayers - 1);
        var lastPass = readAt is null
            ? pass : pass with { Read = new SelectedPositions(readAt, embeddings.shape[1], rotary, mask, embeddings.dtype) };
        var x = embeddings.alias();
        Checkpointing?.Keep(lastPass.Tensors);
        foreach (var (i, layer) in layers.Take(numLayers).Index())
        {
            var own = i == last ? lastPass : pass;
            x = Checkpointing is null ? layer.forward(x, own) : Checkpointing.Run(layer, x, input => layer.forward(input, own));
        }
        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>
/// A row of the table for every token id, in the type of the activations, (B, T) -> (B, T, D). Starts at zero, as <see cref="LinearLayer"/>
/// does.
/// </summary>
internal sealed class TokenEmbedding : Module<Tensor, Tensor>
{
    private readonly Parameter weight;   // (V, D)
    private readonly ScalarType computed;

    public TokenEmbedding(long numTokens, long width, WeightFormat format) : base(nameof(TokenEmbedding))
    {
        weight = format.Zeros(numTokens, width);
        computed = format.Computed;
        RegisterComponents();
    }

    public Parameter Weight => weight;

    public override Tensor forward(Tensor inputIds)
    {
        using var scope = NewDisposeScope();
        var rows = weight.index_select(0, inputIds.flatten()).to(computed);
        return rows.view(inputIds.shape[0], inputIds.shape[1], -1).MoveToOuterDisposeScope();
    }
}
