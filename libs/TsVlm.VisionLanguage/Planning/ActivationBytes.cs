using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;

namespace TsVlm.VisionLanguage.Planning;

/// <summary>
/// Bytes of the tensors that one micro-batch keeps for its backward pass, counted operation by operation after the model's own code: a
/// product keeps what the other factor's gradient needs, an activation its input, attention its queries, keys, values and result.
/// </summary>
internal sealed class ActivationBytes
{
    // Shapes: N tokens of the micro-batch, D width, A width of all heads, F width of the feed-forward layer, R rank.
    private const long Float32 = 4;

    private readonly LlavaConfig config;
    private readonly Recipe recipe;
    private readonly long numTokens;
    private readonly long numImageTokens;   // of the vision tower, class token included
    private readonly long numAnswerTokens;
    private readonly long size;             // bytes of a number

    public ActivationBytes(LlavaConfig config, Recipe recipe, int sequence, int numAnswerTokens, int imagesPerSample)
    {
        this.config = config;
        this.recipe = recipe;
        numTokens = (long)recipe.MicroBatchSize * sequence;
        numImageTokens = (long)recipe.MicroBatchSize * imagesPerSample * (config.Vision.NumPatches + 1);
        this.numAnswerTokens = (long)recipe.MicroBatchSize * numAnswerTokens;
        size = recipe.Precision is Precision.BFloat16 ? 2 : Float32;
    }

    /// <summary>The most that is kept at one time, and what the backward pass of the last layer adds.</summary>
    public long Peak => recipe.GradientCheckpointing
        // a layer's result again, and its gradient
        ? Ends + Inputs + Math.Max(DecoderLayer, VisionLayer) + (2 * numTokens * config.Text.Width * size) + Working
        : Ends + ((config.Text.NumLayers - 1) * DecoderLayer) + LastDecoderLayer + (config.NumVisionLayersUsed * VisionLayer) + Working;

    /// <summary>Whether all of the language model learns.</summary>
    private bool LearnsDecoder => recipe.Trained is not TrainedPart.Lora;

    private long DecoderLayer => numTokens * DecoderLayerOfToken;

    private long DecoderLayerOfToken
    {
        get
        {
            var text = config.Text;
            long width = text.Width, attended = (long)text.NumHeads * text.HeadWidth, feedForward = text.FeedForwardWidth;
            var norms = 2 * width * Float32;                                       // their inputs, in float32 whatever the precision
            var attention = 4 * attended * size + text.NumHeads * Float32;         // q, k, v, result; log-sum of each row
            var gated = 3 * feedForward * size;                                    // gate, its activation, up
            return norms + attention + gated + ProjectionInputs(width, attended, feedForward);
        }
    }

    /// <summary>
    /// The last layer makes keys and values of all tokens, and the rest of those that are read (<see cref="SelectedPositions"/>).
    /// </summary>
    private long LastDecoderLayer
    {
        get
        {
            var text = config.Text;
            long width = text.Width;
            var keys = 2L * text.NumKeyValueHeads * text.HeadWidth * size;
            var inputs = LearnsDecoder ? 2 * width * size
                : recipe.Lora.Dropout == 0
                ? (width + (2L * recipe.Lora.Rank)) * size : (2 * width * (size + 1)) + (2L * recipe.Lora.Rank * size);
            return (numTokens * ((width * Float32) + keys + inputs)) + (numAnswerTokens * DecoderLayerOfToken);
        }
    }

    private long VisionLayer
    {
        get
        {
            if (recipe.Trained is not TrainedPart.Full) return 0;
            long width = config.Vision.Width, feedForward = config.Vision.FeedForwardWidth;
            var numGates = config.Vision.Activation is Activation.QuickGelu ? 2 : 1;   // x and sigmoid, or x alone
            return numImageTokens * size * ((8 * width) + ((numGates + 1) * feedForward));
        }
    }

    /// <summary>Inputs of the seven projections that no other operation keeps.</summary>
    private long ProjectionInputs(long width, long attended, long feedForward)
    {
        // Two norms' results, each read by several projections; the gated product. The result of attention is counted there.
        var shared = ((2 * width) + feedForward) * size;
        // and the norms' results before their weights, which learn
        if (LearnsDecoder) return shared + (2 * width * size);
        var narrow = 7L * recipe.Lora.Rank * size;
        if (recipe.Lora.Dropout == 0) return shared + narrow;
        // Each adapter drops other inputs: a mask of bytes and what is left, for each of q, k, v, gate, up (D), o (A) and down (F).
        return (((5 * width) + attended + feedForward) * (size + 1)) + narrow;
    }

    /// <summary>Inputs and results of the layers, where all else is computed again.</summary>
    private long Inputs => (config.Text.NumLayers * numTokens * config.Text.Width
        + (recipe.Trained is TrainedPart.Full ? config.NumVisionLayersUsed * numImageTokens * config.Vision.Width : 0)) * size;

    /// <summary>
    /// What is kept before the first layer and after the last: placed embeddings and their mask, projector, final norm, logits.
    /// </summary>
    private long Ends
    {
        get
        {
            long width = config.Text.Width;
            var embeddings = numTokens * width * (size + 1);
            var projector = numImageTokens * (config.Vision.Width + (3 * width)) * size;
            var norm = numAnswerTokens * width * (Float32 + (2 * size));
            var logits = numAnswerTokens * config.Text.VocabularySize * (size + (3 * Float32));
            return embeddings + projector + norm + logits;
        }
    }

    /// <summary>
    /// Gradients of the activations of one layer while they are on their way, those of norms in float32, and the numbers that dropout
    /// draws.
    /// </summary>
    private long Working => (numTokens * size * ((2L * config.Text.FeedForwardWidth) + (3L * config.Text.Width)))
        + (recipe.Precision is Precision.Float32 ? 0 : 2 * numTokens * config.Text.Width * Float32)
        + (LearnsDecoder || recipe.Lora.Dropout == 0 ? 0 : numTokens * config.Text.FeedForwardWidth * Float32);
}
