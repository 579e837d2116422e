using TorchSharp.Modules;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>A CLIP vision transformer (Radford et al. 2021), after Hugging Face's modeling_clip.py.</summary>
internal sealed class ClipVisionTower : Module
{
    private readonly ClipVisionModel vision_model;

    public ClipVisionTower(VisionConfig config, WeightFormat format) : base(nameof(ClipVisionTower))
    {
        vision_model = new ClipVisionModel(config, format);
        RegisterComponents();
    }

    /// <summary>Records the layers in place of their activations.</summary>
    public GradientCheckpointing? Checkpointing { set => vision_model.Checkpointing = value; }

    /// <summary>
    /// The hidden state after the first <paramref name="numLayers"/> layers, class token first: (N, C, S, S) -> (N, 1 + P, D).
    /// </summary>
    public Tensor HiddenState(Tensor pixelValues, int numLayers) => vision_model.HiddenState(pixelValues, numLayers);

    /// <summary>The hidden states after those numbers of layers, rising, class token first: (N, C, S, S) -> each (N, 1 + P, D).</summary>
    public IReadOnlyList<Tensor> HiddenStates(Tensor pixelValues, IReadOnlyList<int> numLayers) =>
        vision_model.HiddenStates(pixelValues, numLayers);
}

/// <summary>Embeddings, norm and encoder; Hugging Face nests them one level deeper than the tower, and so the keys do.</summary>
internal sealed class ClipVisionModel : Module
{
    private readonly ClipEmbeddings embeddings;
    private readonly LayerNorm pre_layrnorm;     // spelt so in every CLIP checkpoint
    private readonly ClipEncoder encoder;
    internal readonly LayerNorm post_layernorm;  // of the pooled class token, which LLaVA does not read; kept for the checkpoint's sake

    public ClipVisionModel(VisionConfig config, WeightFormat format) : base(nameof(ClipVisionModel))
    {
        embeddings = new ClipEmbeddings(config, format);
        pre_layrnorm = new LayerNorm(config.Width, config.NormEpsilon, format);
        encoder = new ClipEncoder(config, format);
        post_layernorm = new LayerNorm(config.Width, config.NormEpsilon, format);
        RegisterComponents();
    }

    public GradientCheckpointing? Checkpointing { set => encoder.Checkpointing = value; }

    public Tensor HiddenState(Tensor pixelValues, int numLayers)
    {
        using var scope = NewDisposeScope();
        var x = pre_layrnorm.forward(embeddings.forward(pixelValues));                           // (N, 1 + P, D)
        return encoder.RunLayers(x, numLayers).MoveToOuterDisposeScope();
    }

    public IReadOnlyList<Tensor> HiddenStates(Tensor pixelValues, IReadOnlyList<int> numLayers)
    {
        using var scope = NewDisposeScope();
        var x = pre_layrnorm.forward(embeddings.forward(pixelValues));                           // (N, 1 + P, D)
        var (states, done) = (new List<Tensor>(), 0);
        foreach (var number in numLayers)
        {
            x = encoder.RunLayers(x, number, from: done);
            done = number;
            states.Add(x);
        }
        foreach (var state in states) state.MoveToOuterDisposeScope();
        return states;
    }
}

/// <summary>Patches as tokens, a class token before them, learned positions: (N, C, S, S) -> (N, 1 + P, D).</summary>
internal sealed class ClipEmbeddings : Module<Tensor, Tensor>
{
    private readonly Parameter class_embedding;                // (D)
    private readonly PatchEmbedding patch_embedding;
    private readonly TokenEmbedding position_embedding;        // (1 + P, D)

    public ClipEmbeddings(VisionConfig config, WeightFormat format) : base(nameof(ClipEmbeddings))
    {
        class_embedding = format.Zeros(config.Width);
        patch_embedding = new PatchEmbedding(config, format);
        position_embedding = new TokenEmbedding(config.NumPatches + 1, config.Width, format);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embedding.forward(pixelValues).flatten(2).transpose(1, 2);           // (N, P, D)
        var first = class_embedding.In(patches.dtype).expand(pixelValues.shape[0], 1, -1);                         // (N, 1, D)
        return cat([first, patches], 1).Plus(position_embedding.Weight.In(patches.dtype)).MoveToOuterDisposeScope(); // (N, 1 + P, D)
    }
}

/// <summary>
/// A linear layer over each patch: (N, C, S, S) -> (N, D, S / P, S / P), P pixels a patch. Pixels have no gradient: that of a convolution
/// of 3 channels to its input is wrong on some processors.
/// </summary>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Parameter weight;   // (D, C, P, P)
    private readonly long patchSize;

    public PatchEmbedding(VisionConfig config, WeightFormat format) : base(nameof(PatchEmbedding))
    {
        TsVlm.Baselines.Series.Nnpack.Disable();
        patchSize = config.PatchSize;
        weight = format.Zeros(config.Width, config.NumChannels, patchSize, patchSize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        return functional.conv2d(pixelValues, weight.In(pixelValues.dtype), strides: [patchSize, patchSize]).MoveToOuterDisposeScope();
    }
}

/// <summary>The encoder's layers.</summary>
internal sealed class ClipEncoder : Module
{
    private readonly ModuleList<ClipEncoderLayer> layers;

    public ClipEncoder(VisionConfig config, WeightFormat format) : base(nameof(ClipEncoder))
    {
        layers = new ModuleList<ClipEncoderLayer>([.. Enumerable.Range(0, config.NumLayers)
            .Select(_ => new ClipEncoderLayer(config, format))]);
        RegisterComponents();
    }

    public GradientCheckpointing? Checkpointing { get; set; }

    public Tensor RunLayers(Tensor x, int numLayers, int from = 0)
    {
        using var scope = NewDisposeScope();
        x = x.alias();
        foreach (var layer in layers.Take(numLayers).Skip(from))
            x = Checkpointing is null ? layer.forward(x) : Checkpointing.Run(layer, x, layer.forward);
        return x.MoveToOuterDisposeScope();
    }
}
