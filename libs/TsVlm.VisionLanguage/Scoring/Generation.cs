using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Scoring;

/// <summary>Text from the model, token by token.</summary>
public static class Generation
{
    // Shapes: B prompts, T tokens, S tokens so far, D width.

    /// <summary>
    /// The likeliest token, again and again, for prompts (B, T) padded on either side; images as in <see cref="Llava.Forward"/>.
    /// A row ends before <paramref name="endTokenId"/>, after <paramref name="maxNewTokens"/> tokens, or with the token with which
    /// <paramref name="isEnded"/> holds of the row.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes, or the numbers of image tokens and image features, do not match.</exception>
    public static IReadOnlyList<int[]> Greedy(
        Llava model, Tensor inputIds, Tensor attentionMask, Tensor? pixelValues, int maxNewTokens, int? endTokenId,
        Func<IReadOnlyList<int>, bool>? isEnded = null)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var evaluation = new EvaluationMode(model);
        using var cache = new KeyValueCache();
        var rows = Enumerable.Range(0, (int)inputIds.shape[0]).Select(_ => new List<int>()).ToList();
        var isOpen = rows.Select(_ => true).ToArray();
        var state = PromptBatch.LastState(model.HiddenStates(inputIds, attentionMask, pixelValues, cache), attentionMask);   // (B, D)
        var keyMask = attentionMask;                                                                                         // (B, S)
        for (var step = 0; step < maxNewTokens; step++)
        {
            var next = model.Logits(state).argmax(-1);                                                                       // (B)
            var tokens = next.cpu().data<long>().ToArray();
            for (var row = 0; row < rows.Count; row++)
            {
                if (!isOpen[row] || !(isOpen[row] = tokens[row] != endTokenId)) continue;
                rows[row].Add((int)tokens[row]);
                isOpen[row] = isEnded?.Invoke(rows[row]) is not true;
            }
            if (step == maxNewTokens - 1 || !isOpen.Contains(true)) break;
            keyMask = cat([keyMask, ones_like(next).unsqueeze(1)], 1);
            state = Continue(model, next.unsqueeze(1), keyMask, cache);
        }
        return [.. rows.Select(row => row.ToArray())];
    }

    /// <summary>The same as text, for prompts as <see cref="SampleEncoding"/> makes them: up to what ends an answer. All have images, or none.</summary>
    /// <exception cref="ArgumentException">There is no prompt, or one is empty.</exception>
    public static IReadOnlyList<string> Write(Llava model, SampleEncoding encoding, IReadOnlyList<EncodedPrompt> prompts, int maxNewTokens)
    {
        using var scope = NewDisposeScope();
        var (ids, mask) = PromptBatch.Pad([.. prompts.Select(prompt => prompt.InputIds)], model);
        var images = encoding.Images.ToTensor([.. prompts.SelectMany(prompt => prompt.Images)]);
        return [.. Greedy(model, ids, mask, images, maxNewTokens, encoding.EndTokenId).Select(encoding.AnswerText)];
    }

    private static Tensor Continue(Llava model, Tensor nextIds, Tensor keyMask, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var positions = keyMask.sum(1, keepdim: true) - Constants.Whole(1);                                       // (B, 1)
        var embeddings = model.Decoder.Embed(nextIds);                                           // (B, 1, D)
        var mask = AttentionMask.WithPast(keyMask, AttentionMask.LowerTriangle(1, keyMask.device), embeddings.dtype);
        return model.Decoder.Forward(embeddings, positions, mask, cache).squeeze(1).MoveToOuterDisposeScope();   // (B, D)
    }
}
