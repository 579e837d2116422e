using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>Which keys each token sees. Shapes: B batch, T new tokens, P tokens in the cache, S = P + T keys.</summary>
internal sealed class AttentionMask
{
    private AttentionMask(Tensor? added) => Added = added;

    /// <summary>What is added to the scores, (B, 1, T, S): 0 where a key is seen, else the lowest number. Null is plain causal.</summary>
    public Tensor? Added { get; }

    /// <summary>
    /// Every token sees the tokens up to itself, padding left out; <paramref name="attentionMask"/> (B, T) is 1 for a token, 0 for padding.
    /// Padding on the right needs no mask of its own: no token sees what comes after it, and nobody reads the padding's rows.
    /// </summary>
    public static AttentionMask Causal(Tensor attentionMask, ScalarType type)
    {
        if (!HasPaddingBeforeTokens(attentionMask)) return new AttentionMask(null);
        using var triangle = LowerTriangle(attentionMask.shape[1], attentionMask.device);
        return WithPast(attentionMask, triangle, type);
    }

    /// <summary>
    /// Every new token sees the keys of <paramref name="keyMask"/> (B, S) that are 1, and of the last T among them
    /// only those that <paramref name="amongNew"/> (T, T) allows.
    /// </summary>
    public static AttentionMask WithPast(Tensor keyMask, Tensor amongNew, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var numNew = amongNew.shape[0];
        var past = ones([numNew, keyMask.shape[1] - numNew], ScalarType.Bool, amongNew.device);
        var seen = cat([past, amongNew], 1).unsqueeze(0).logical_and(keyMask.to(ScalarType.Bool).unsqueeze(1));      // (B, T, S)
        // A row that sees nothing (padding on the left) must stay finite, so the lowest number instead of minus infinity.
        var added = zeros(seen.shape, type, seen.device).masked_fill(seen.logical_not(), Constants.Real(finfo(type).min));
        return new AttentionMask(added.unsqueeze(1).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// What some tokens of each row, at <paramref name="positions"/> (B, M) of <paramref name="length"/>, may see: (B, 1, M, T).
    /// </summary>
    public Tensor Of(Tensor positions, long length, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var places = positions.unsqueeze(1).unsqueeze(-1);                                       // (B, 1, M, 1)
        if (Added is not null) return Added.take_along_dim(places, 2).MoveToOuterDisposeScope();
        var later = arange(Constants.Whole(length), device: positions.device).gt(places);                         // (B, 1, M, T)
        return zeros(later.shape, type, later.device).masked_fill(later, Constants.Real(finfo(type).min)).MoveToOuterDisposeScope();
    }

    /// <summary>True where a token comes at or after another, (T, T).</summary>
    public static Tensor LowerTriangle(long length, Device device)
    {
        using var full = ones([length, length], ScalarType.Bool, device);
        return full.tril();
    }

    private static bool HasPaddingBeforeTokens(Tensor attentionMask)
    {
        using var scope = NewDisposeScope();
        var length = attentionMask.shape[1];
        return attentionMask.narrow(1, 1, length - 1).gt(attentionMask.narrow(1, 0, length - 1)).any().Value<bool>();
    }
}
