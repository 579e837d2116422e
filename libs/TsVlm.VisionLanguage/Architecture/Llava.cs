using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// A LLaVA-1.5-shaped vision-language model (Liu et al. 2023, arXiv 2310.03744), after Hugging Face's modeling_llava.py:
/// the image's features, projected to the language model's width, stand where the prompt has image tokens.
/// Weights are zero (of norms one) until <see cref="InitialiseWeights"/> or until a checkpoint is loaded.
/// </summary>
public sealed class Llava : Module
{
    // Shapes: B batch, T tokens, N images, I tokens of an image, S image size, D width, V vocabulary.
    private const int MaxLayersRead = 6, MaxAnswerTokens = 8;

    private readonly ClipVisionTower vision_tower;
    private readonly Projector multi_modal_projector;
    private readonly LlamaLanguageModel language_model;
    private readonly SeededDropout dropout;
    private readonly ScalarType computed;

    /// <summary>A model of these sizes; without <paramref name="options"/> in float32 on the CPU and without adapters.</summary>
    public Llava(LlavaConfig config, ModelOptions? options = null) : base(nameof(Llava))
    {
        options ??= new ModelOptions();
        Config = config;
        AdapterConfig = options.Adapter;
        dropout = new SeededDropout(options.Seed);
        var format = options.FormatOf("language_model.");
        computed = format.Computed;
        vision_tower = new ClipVisionTower(config.Vision, options.FormatOf("vision_tower."));
        multi_modal_projector = new Projector(config, options.FormatOf("multi_modal_projector."));
        language_model = new LlamaLanguageModel(config.Text, config.TieWordEmbeddings, (name, inputs, outputs, hasBias) =>
            AdapterConfig is not null && AdapterConfig.Targets($"language_model.{name}")
                ? new LoraLinear(inputs, outputs, hasBias, AdapterConfig, dropout, format)
                : new LinearLayer(inputs, outputs, hasBias, format), format);
        RegisterComponents();
        if (AdapterConfig is not null) Initialisation.Adapters(this, options.Seed);
    }

    /// <summary>Sizes of the model.</summary>
    public LlavaConfig Config { get; }

    /// <summary>The adapters in the language model; null for none.</summary>
    public AdapterConfig? AdapterConfig { get; }

    /// <summary>Where the weights are; inputs must be there too, but for images, which are moved.</summary>
    public Device Device => Decoder.EmbeddingWeight.device;

    internal LlamaDecoder Decoder => language_model.Decoder;

    /// <summary>Records the layers of the next passes, to compute them again in the backward pass; null keeps their activations.</summary>
    internal GradientCheckpointing? Checkpointing
    {
        set
        {
            Decoder.Checkpointing = value;
            vision_tower.Checkpointing = value;
        }
    }

    /// <summary>Draws every weight as Hugging Face does at the start; the same seed gives the same weights.</summary>
    public void InitialiseWeights(int seed) => Initialisation.All(this, seed);

    /// <summary>
    /// The adapters drop by this seed from now on, the same in every pass until the next; a trainer that seeds each step by its number can
    /// resume exactly.
    /// </summary>
    public void SeedDropout(long seed) => dropout.Seed(seed);

    /// <summary>
    /// Image features in the language model's width: pixel values (N, 3, S, S), or what <see cref="VisionStates"/> made of them (N, I, Dv)
    /// -> (N, I, D).
    /// </summary>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public Tensor ImageFeatures(Tensor images)
    {
        using var scope = NewDisposeScope();
        if (images.dim() == 4) return multi_modal_projector.forward(VisionStates(images)).MoveToOuterDisposeScope();
        if (images.shape is not [_, var numTokens, var width] || numTokens != Config.NumImageTokens || width != Config.Vision.Width)
            throw new ArgumentException(
                $"States of images: expected shape (N, {Config.NumImageTokens}, {Config.Vision.Width}), found {Shape(images)}.",
                nameof(images));
        return multi_modal_projector.forward(images.to(computed, Device)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What the vision tower makes of pixel values, the layer and tokens that the projector reads: (N, 3, S, S) -> (N, I, Dv).
    /// </summary>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public Tensor VisionStates(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        long size = Config.Vision.ImageSize;
        if (pixelValues.shape is not [_, var channels, var height, var width] || channels != Config.Vision.NumChannels || height != size
            || width != size)
            throw new ArgumentException(
                $"Images: expected shape (N, {Config.Vision.NumChannels}, {size}, {size}), found {Shape(pixelValues)}.",
                nameof(pixelValues));
        var states = vision_tower.HiddenState(pixelValues.to(computed, Device), Config.NumVisionLayersUsed);   // (N, 1 + P, Dv)
        return (Config.KeepClassToken ? states : states.narrow(1, 1, states.shape[1] - 1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// An image in numbers for a linear read-out: mean and maximum over its patches, after each of up to six layers evenly spaced up to the
    /// one that the projector reads: (N, 3, S, S) -> (N, 2 * layers, Dv).
    /// </summary>
    public Tensor VisionSummary(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        var (numUsed, numRead) = (Config.NumVisionLayersUsed, NumLayersRead);
        int[] layers = [.. Enumerable.Range(1, numRead).Select(i => i * numUsed / numRead)];
        var states = vision_tower.HiddenStates(pixelValues.to(computed, Device), layers)
            .Select(state => state.narrow(1, 1, state.shape[1] - 1));
        return stack(states.SelectMany(state => new[] { state.mean([1]), state.amax([1]) }), 1).MoveToOuterDisposeScope();
    }

    /// <summary>Numbers that <see cref="VisionSummary"/> makes of an image.</summary>
    public int VisionSummarySize => 2 * NumLayersRead * Config.Vision.Width;

    /// <summary>
    /// Prompts in numbers for a linear read-out: the states, after the final norm, of the last eight tokens before the answer, which all
    /// have seen the whole prompt up to themselves: (B, T) ids and mask, padded on the right, images as for <see cref="ImageFeatures"/> ->
    /// (B, 8, D). Shorter prompts give their first token's state in place of the missing ones.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes, or the numbers of image tokens and image features, do not match.</exception>
    public Tensor AnswerStates(Tensor inputIds, Tensor attentionMask, Tensor? images)
    {
        using var scope = NewDisposeScope();
        // (8): -8 .. -1
        var back = arange(Constants.Whole(MaxAnswerTokens), device: inputIds.device) - Constants.Whole(MaxAnswerTokens);
        // (B, 8)
        var positions = attentionMask.sum(1, keepdim: true).Plus(back).clamp(min: Constants.Whole(0));
        return HiddenStates(inputIds, attentionMask, images, null, positions).MoveToOuterDisposeScope();
    }

    /// <summary>Numbers that <see cref="AnswerStates"/> makes of a prompt.</summary>
    public int AnswerStatesSize => MaxAnswerTokens * Config.Text.Width;

    private int NumLayersRead => Math.Min(Config.NumVisionLayersUsed, MaxLayersRead);

    /// <summary>
    /// Scores of every next token: (B, T) ids, (B, T) mask of 1 for a token and 0 for padding, images as for <see cref="ImageFeatures"/> in
    /// the order in which their tokens come -> (B, T, V). The ids hold one image token for each feature of each image, or for each mean of
    /// as many neighbouring ones.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes, or the numbers of image tokens and image features, do not match.</exception>
    public Tensor Forward(Tensor inputIds, Tensor attentionMask, Tensor? images)
    {
        using var scope = NewDisposeScope();
        return Logits(HiddenStates(inputIds, attentionMask, images)).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Forward"/>, but after the final norm and before the head: (B, T, D).</summary>
    /// <exception cref="ArgumentException">Shapes, or the numbers of image tokens and image features, do not match.</exception>
    public Tensor HiddenStates(Tensor inputIds, Tensor attentionMask, Tensor? images) =>
        HiddenStates(inputIds, attentionMask, images, null);

    internal Tensor HiddenStates(Tensor inputIds, Tensor attentionMask, Tensor? images, KeyValueCache? cache, Tensor? readAt = null)
    {
        using var scope = NewDisposeScope();
        if (inputIds.dim() != 2 || !inputIds.shape.SequenceEqual(attentionMask.shape))
            throw new ArgumentException(
                $"Input ids and attention mask: expected one shape (B, T), found {Shape(inputIds)} and {Shape(attentionMask)}.",
                nameof(attentionMask));
        var embeddings = InputEmbeddings(inputIds, images);                                      // (B, T, D)
        var mask = AttentionMask.Causal(attentionMask, embeddings.dtype);
        return Decoder.Forward(embeddings, PositionIds(attentionMask), mask, cache, readAt).MoveToOuterDisposeScope();
    }

    /// <summary>Scores of every next token from hidden states after the final norm: (.., D) -> (.., V).</summary>
    public Tensor Logits(Tensor hiddenStates) => language_model.Logits(hiddenStates);

    /// <summary>
    /// Mean cross-entropy over the targets (B, T) that are not -100, each predicted from the tokens before it: a scalar.
    /// The head is applied only where a target is. With <paramref name="weights"/> (B, T) of the targets the mean is weighted.
    /// </summary>
    /// <exception cref="ArgumentException">There is no target, or shapes do not match.</exception>
    public Tensor Loss(Tensor inputIds, Tensor attentionMask, Tensor? images, Tensor targetIds, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        if (!inputIds.shape.SequenceEqual(targetIds.shape))
            throw new ArgumentException($"Target ids: expected shape {Shape(inputIds)} as the input ids, found {Shape(targetIds)}.",
                nameof(targetIds));
        using var targets = new AnswerTargets(targetIds);
        var logits = Logits(StatesBefore(targets, inputIds, attentionMask, images)).to(ScalarType.Float32);        // (N, V)
        if (weights is null) return functional.cross_entropy(logits, targets.Ids).MoveToOuterDisposeScope();
        var weight = targets.Of(weights);                                                        // (N)
        var each = functional.cross_entropy(logits, targets.Ids, reduction: Reduction.None);     // (N)
        return ((each * weight).sum() / weight.sum()).MoveToOuterDisposeScope();
    }

    /// <summary>The state that each target is predicted from, after the final norm: (N, D).</summary>
    internal Tensor StatesBefore(AnswerTargets targets, Tensor inputIds, Tensor attentionMask, Tensor? images)
    {
        using var scope = NewDisposeScope();
        var states = HiddenStates(inputIds, attentionMask, images, null, targets.Positions).flatten(0, 1);   // (B * M, D)
        return states.index_select(0, targets.Rows).MoveToOuterDisposeScope();
    }

    /// <summary>Weights of the output layer (V, D), float32 or the model's type; null where the embeddings serve as such.</summary>
    internal Tensor? OutputLayer => language_model.OutputLayer;

    /// <summary>The tokens' embeddings with image features at the image tokens, (B, T) -> (B, T, D).</summary>
    internal Tensor InputEmbeddings(Tensor inputIds, Tensor? images)
    {
        using var scope = NewDisposeScope();
        var embeddings = Decoder.Embed(inputIds);                                                // (B, T, D)
        var isImage = inputIds.eq(Constants.Whole(Config.ImageTokenId));                                          // (B, T)
        var numTokens = isImage.sum().Value<long>();
        var numFeatures = images is null ? 0 : images.shape[0] * Config.NumImageTokens;
        // Fewer tokens than features, if each is to be the mean of as many.
        var share = numTokens > 0 && numTokens < numFeatures ? numFeatures / numTokens : 1;
        if (numTokens * share != numFeatures || Config.NumImageTokens % share != 0)
            throw new ArgumentException("Image features and image tokens do not match: "
                + $"{images?.shape[0] ?? 0} images of {Config.NumImageTokens} features need {numFeatures} tokens of id "
                + $"{Config.ImageTokenId}, or the same share of each image's, found {numTokens}.", nameof(inputIds));
        if (images is null || numFeatures == 0) return embeddings.MoveToOuterDisposeScope();
        var features = ImageFeatures(images).to(embeddings.dtype);                               // (N, I, D)
        if (share > 1) features = features.view(features.shape[0], -1, share, features.shape[2]).mean([2]);        // (N, I / share, D)
        return embeddings.masked_scatter(isImage.unsqueeze(-1).expand_as(embeddings), features).MoveToOuterDisposeScope();
    }

    /// <summary>Number of each token among the tokens of its row, padding left out: (B, T) -> (B, T).</summary>
    internal static Tensor PositionIds(Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        return (attentionMask.cumsum(1) - Constants.Whole(1)).clamp(min: Constants.Whole(0)).MoveToOuterDisposeScope();
    }

    private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // TorchSharp leaves a module's weights to the finalizer, which does not know how large they are.
            foreach (var parameter in parameters()) parameter.Dispose();
        }
        base.Dispose(disposing);
    }
}
