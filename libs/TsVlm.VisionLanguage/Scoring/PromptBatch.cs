using TsVlm.VisionLanguage.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Scoring;

/// <summary>Prompts of different lengths in one tensor.</summary>
internal static class PromptBatch
{
    /// <summary>
    /// Ids and mask (B, T), padded on the right: no token sees what comes after it, so the long pass over the prompts needs no mask,
    /// and what follows a prompt has its place by its position id, not by where its key lies in the cache.
    /// </summary>
    /// <exception cref="ArgumentException">There is no prompt, or one is empty.</exception>
    public static (Tensor Ids, Tensor Mask) Pad(IReadOnlyList<int[]> promptIds, Llava model)
    {
        if (promptIds.Count == 0) throw new ArgumentException("Prompts: expected at least one, found none.", nameof(promptIds));
        var length = promptIds.Max(prompt => prompt.Length);
        // Any token but the image token will do: the mask hides it.
        var padding = model.Config.ImageTokenId == 0 ? 1L : 0L;
        var ids = new long[promptIds.Count, length];
        var mask = new long[promptIds.Count, length];
        for (var row = 0; row < promptIds.Count; row++)
        {
            if (promptIds[row].Length == 0)
                throw new ArgumentException($"Prompt {row}: expected at least one token, found none.", nameof(promptIds));
            for (var column = 0; column < length; column++)
            {
                var isToken = column < promptIds[row].Length;
                ids[row, column] = isToken ? promptIds[row][column] : padding;
                mask[row, column] = isToken ? 1 : 0;
            }
        }
        var device = model.Device;
        return (tensor(ids, device: device), tensor(mask, device: device));
    }

    /// <summary>The hidden state of each row's last token, (B, T, D) -> (B, D), on whichever side the padding is.</summary>
    public static Tensor LastState(Tensor hiddenStates, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var places = tensor(Enumerable.Range(1, (int)mask.shape[1]).Select(i => (long)i).ToArray(), device: mask.device);   // (T)
        var last = (mask * places).argmax(1).view(-1, 1, 1).expand(-1, 1, hiddenStates.shape[2]);                    // (B, 1, D)
        return hiddenStates.gather(1, last).squeeze(1).MoveToOuterDisposeScope();
    }
}
