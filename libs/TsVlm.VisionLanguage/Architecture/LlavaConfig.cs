using TsVlm.Models.Tokenization;
using TsVlm.VisionLanguage.Files;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Sizes of a LLaVA-1.5-shaped model, as a Hugging Face <c>config.json</c> states them (Liu et al. 2023, arXiv 2310.03744).
/// </summary>
public sealed record LlavaConfig
{
    /// <summary>The vision tower.</summary>
    public required VisionConfig Vision { get; init; }

    /// <summary>The language model.</summary>
    public required TextConfig Text { get; init; }

    /// <summary>Token id that stands where image features go.</summary>
    public int ImageTokenId { get; init; } = 32000;

    /// <summary>Which hidden state of the vision tower is the image's: 0 is before the first layer, -1 after the last one.</summary>
    public int VisionFeatureLayer { get; init; } = -2;

    /// <summary>Whether the features keep the class token (strategy <c>full</c>) or not (<c>default</c>).</summary>
    public bool KeepClassToken { get; init; }

    /// <summary>Activation between the projector's two layers.</summary>
    public Activation ProjectorActivation { get; init; } = Activation.Gelu;

    /// <summary>Whether the projector's layers have a bias.</summary>
    public bool ProjectorBias { get; init; } = true;

    /// <summary>Whether the head shares the embedding's weight.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Type in which the checkpoint's publisher runs it.</summary>
    public ScalarType WeightType { get; init; } = ScalarType.Float32;

    /// <summary>Tokens that one image takes in the sequence.</summary>
    public int NumImageTokens => Vision.NumPatches + (KeepClassToken ? 1 : 0);

    /// <summary>Layers of the vision tower that the image features depend on.</summary>
    public int NumVisionLayersUsed => VisionFeatureLayer >= 0 ? VisionFeatureLayer : Vision.NumLayers + 1 + VisionFeatureLayer;

    /// <summary>Number of weights of the whole model, adapters not included.</summary>
    public long NumParameters => Vision.NumParameters + NumProjectorParameters + Text.NumParameters
        + (TieWordEmbeddings ? 0 : (long)Text.VocabularySize * Text.Width);

    internal long NumProjectorParameters =>
        ((long)Vision.Width * Text.Width) + ((long)Text.Width * Text.Width) + (ProjectorBias ? 2L * Text.Width : 0);

    /// <summary>
    /// Reads <c>config.json</c> in a model's folder, in Hugging Face's form or LLaVA's own (<see cref="OriginalLlavaForm"/>).
    /// </summary>
    /// <exception cref="CheckpointException">No such file, or it states what this model cannot be.</exception>
    public static LlavaConfig Read(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        if (!File.Exists(path)) throw new CheckpointException($"{path}: expected the model's config.json, found no such file.");
        try
        {
            return Parse(OriginalLlavaForm.Find(folder)?.ToHuggingFace() ?? File.ReadAllText(path), path);
        }
        catch (InvalidDataException error)
        {
            throw new CheckpointException(error.Message, error);
        }
    }

    /// <summary>Parses the text of a <c>config.json</c>; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="CheckpointException">The text states what this model cannot be.</exception>
    public static LlavaConfig Parse(string json, string source) => LlavaConfigParser.Parse(json, source);
}

/// <summary>Sizes of the vision tower, a CLIP ViT (Radford et al. 2021).</summary>
public sealed record VisionConfig
{
    /// <summary>Width D of the hidden states.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Encoder layers.</summary>
    public required int NumLayers { get; init; }

    /// <summary>Attention heads.</summary>
    public required int NumHeads { get; init; }

    /// <summary>Colour channels.</summary>
    public int NumChannels { get; init; } = 3;

    /// <summary>Width and height of an image, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Width and height of a patch, in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Activation of the feed-forward layer.</summary>
    public Activation Activation { get; init; } = Activation.QuickGelu;

    /// <summary>Epsilon of the layer norms.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Standard deviation of the patch and position embeddings at the start.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Factor on every standard deviation at the start.</summary>
    public double InitializerFactor { get; init; } = 1;

    /// <summary>Patches of an image.</summary>
    public int NumPatches => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>Number of weights.</summary>
    public long NumParameters
    {
        get
        {
            long width = Width, feedForward = FeedForwardWidth;
            var layer = (4 * ((width * width) + width)) + (2 * width * feedForward) + feedForward + width + (4 * width);
            var embeddings = width + (width * NumChannels * PatchSize * PatchSize) + ((NumPatches + 1) * width);
            return embeddings + (NumLayers * layer) + (4 * width);
        }
    }
}

/// <summary>Sizes of the language model, a Llama decoder (Touvron et al. 2023).</summary>
public sealed record TextConfig
{
    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width D of the hidden states.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Decoder layers.</summary>
    public required int NumLayers { get; init; }

    /// <summary>Attention heads.</summary>
    public required int NumHeads { get; init; }

    /// <summary>Heads of keys and values; each serves NumHeads / NumKeyValueHeads query heads.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>Width K of one head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Longest sequence the model was made for, in tokens.</summary>
    public int ContextLength { get; init; } = 2048;

    /// <summary>Activation of the gated feed-forward layer.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Epsilon of the root-mean-square norms.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the rotary embedding's wave lengths.</summary>
    public double RopeTheta { get; init; } = 10000;

    /// <summary>Whether the attention's projections have a bias.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the feed-forward layer's projections have a bias.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Standard deviation of the weights at the start.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Number of weights, the head not included.</summary>
    public long NumParameters
    {
        get
        {
            long width = Width, queries = NumHeads * HeadWidth, keys = NumKeyValueHeads * HeadWidth;
            var attentionBiases = AttentionBias ? queries + (2 * keys) + width : 0;
            var gatedBiases = FeedForwardBias ? (2L * FeedForwardWidth) + width : 0;
            return (VocabularySize * width) + (NumLayers * (NumLayerFactors + attentionBiases + gatedBiases + (2 * width))) + width;
        }
    }

    /// <summary>Weights of one layer that a token is multiplied with.</summary>
    internal long NumLayerFactors => (2L * Width * NumHeads * HeadWidth) + NumKeyValueFactors + (3L * Width * FeedForwardWidth);

    /// <summary>Those among them that make its key and value.</summary>
    internal long NumKeyValueFactors => 2L * Width * NumKeyValueHeads * HeadWidth;

    /// <summary>
    /// Multiplications of one sequence on its way through the layers and the head, attention itself left out, where the last layer and the
    /// head answer for some tokens only (<see cref="SelectedPositions"/>).
    /// </summary>
    internal double NumProducts(int sequence, int numRead) =>
        ((double)sequence * (((NumLayers - 1) * NumLayerFactors) + NumKeyValueFactors))
        + ((double)numRead * (NumLayerFactors - NumKeyValueFactors + ((long)VocabularySize * Width)));
}
