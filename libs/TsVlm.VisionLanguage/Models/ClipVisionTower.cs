using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage;

/// <summary>A CLIP vision transformer (Radford et al. 2021), after Hugging Face's modeling_clip.py.</summary>
internal sealed class ClipVisionTower : Module
{
    private readonly ClipVisionModel vision_model;

    public ClipVisionTower(VisionConfig config) : base(nameof(ClipVisionTower))
    {
        vision_model = new ClipVisionModel(config);
        RegisterComponents();
    }

    /// <summary>Records the layers in place of their activations.</summary>
    public LayerTape? Tape { set => vision_model.Tape = value; }

    /// <summary>The hidden state after the first <paramref name="numLayers"/> layers, class token first: (N, C, S, S) -> (N, 1 + P, D).</summary>
    public Tensor HiddenState(Tensor pixelValues, int numLayers) => vision_model.HiddenState(pixelValues, numLayers);
}

/// <summary>Embeddings, norm and encoder; Hugging Face nests them one level deeper than the tower, and so the keys do.</summary>
internal sealed class ClipVisionModel : Module
{
    private readonly ClipEmbeddings embeddings;
    private readonly LayerNorm pre_layrnorm;     // spelt so in every CLIP checkpoint
    private readonly ClipEncoder encoder;
    internal readonly LayerNorm post_layernorm;  // of the pooled class token, which LLaVA does not read; kept for the checkpoint's sake

    public ClipVisionModel(VisionConfig config) : base(nameof(ClipVisionModel))
    {
        embeddings = new ClipEmbeddings(config);
        pre_layrnorm = LayerNorm(config.Width, config.NormEpsilon);
        encoder = new ClipEncoder(config);
        post_layernorm = LayerNorm(config.Width, config.NormEpsilon);
        RegisterComponents();
    }

    public LayerTape? Tape { set => encoder.Tape = value; }

    public Tensor HiddenState(Tensor pixelValues, int numLayers)
    {
        using var scope = NewDisposeScope();
        var x = pre_layrnorm.forward(embeddings.forward(pixelValues));                           // (N, 1 + P, D)
        return encoder.RunLayers(x, numLayers).MoveToOuterDisposeScope();
    }
}

/// <summary>Patches as tokens, a class token before them, learned positions: (N, C, S, S) -> (N, 1 + P, D).</summary>
internal sealed class ClipEmbeddings : Module<Tensor, Tensor>
{
    private readonly Parameter class_embedding;                // (D)
    private readonly Conv2d patch_embedding;                   // one step a patch
    private readonly TokenEmbedding position_embedding;        // (1 + P, D)

    public ClipEmbeddings(VisionConfig config) : base(nameof(ClipEmbeddings))
    {
        class_embedding = new Parameter(zeros(config.Width));
        patch_embedding = Conv2d(config.NumChannels, config.Width, config.PatchSize, stride: config.PatchSize, bias: false);
        init.zeros_(patch_embedding.weight);
        position_embedding = new TokenEmbedding(config.NumPatches + 1, config.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embedding.forward(pixelValues).flatten(2).transpose(1, 2);           // (N, P, D)
        var first = class_embedding.expand(pixelValues.shape[0], 1, -1);                         // (N, 1, D)
        return cat([first, patches], 1).Plus(position_embedding.Weight).MoveToOuterDisposeScope(); // (N, 1 + P, D)
    }
}

/// <summary>The encoder's layers.</summary>
internal sealed class ClipEncoder : Module
{
    private readonly ModuleList<ClipEncoderLayer> layers;

    public ClipEncoder(VisionConfig config) : base(nameof(ClipEncoder))
    {
        layers = new ModuleList<ClipEncoderLayer>([.. Enumerable.Range(0, config.NumLayers).Select(_ => new ClipEncoderLayer(config))]);
        RegisterComponents();
    }

    public LayerTape? Tape { get; set; }

    public Tensor RunLayers(Tensor x, int numLayers)
    {
        using var scope = NewDisposeScope();
        x = x.alias();
        foreach (var layer in layers.Take(numLayers)) x = Tape is null ? layer.forward(x) : Tape.Run(layer, x, layer.forward);
        return x.MoveToOuterDisposeScope();
    }
}
