using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Scoring;

/// <summary>
/// Lets a model write a rationale before it is asked for the answer: the likeliest token again and again, up to the line feed that ends it.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="encoding">Tokenizer and image preprocessing of the model's folder.</param>
/// <param name="maxTokens">Most tokens of a rationale.</param>
public sealed class RationaleWriter(Llava model, SampleEncoding encoding, int maxTokens)
{
    /// <summary>A rationale for each prompt, one line, empty where the model writes none. All prompts have an image, or none has.</summary>
    public IReadOnlyList<string> Write(IReadOnlyList<EncodedPrompt> prompts)
    {
        using var scope = NewDisposeScope();
        var (ids, mask) = PromptBatch.Pad([.. prompts.Select(p => p.InputIds)], model);
        return Write(ids, mask, encoding.Images.ToTensor([.. prompts.SelectMany(p => p.Images)]));
    }

    /// <summary>The samples with their answers behind what the model writes of each, in their order.</summary>
    /// <param name="unwritten">Prompts alone, with <see cref="EncodedSample.Given"/>.</param>
    /// <param name="format">How samples become tensors.</param>
    /// <param name="states">What the vision tower makes of the images, where that is known.</param>
    /// <param name="batchSize">Samples at once.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    internal IReadOnlyList<EncodedSample> Complete(
        IReadOnlyList<EncodedSample> unwritten, BatchFormat format, VisionFeatureCache? states, int batchSize,
        CancellationToken cancellationToken)
    {
        var written = new EncodedSample[unwritten.Count];
        foreach (var chunk in unwritten.Index().OrderBy(sample => sample.Item.InputIds.Length).Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = Batch.Of([.. chunk.Select(sample => sample.Item)], format, states);
            var rationales = Write(batch.InputIds, batch.AttentionMask, batch.Images);
            foreach (var (sample, rationale) in chunk.Zip(rationales)) written[sample.Index] = sample.Item.Given!(rationale);
        }
        return written;
    }

    private List<string> Write(Tensor ids, Tensor mask, Tensor? images) =>
        [.. Generation.Greedy(model, ids, mask, images, maxTokens, encoding.EndTokenId, encoding.EndsRationale)
        .Select(encoding.RationaleOf)];
}
