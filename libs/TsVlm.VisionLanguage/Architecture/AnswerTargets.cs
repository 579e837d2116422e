using TsVlm.Models;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Where in a batch a target is predicted, and which. Shapes: B batch, T tokens, M the most targets that a row has, N targets in all.
/// </summary>
internal sealed class AnswerTargets : IDisposable
{
    /// <summary>Finds the targets (B, T) that are not -100; each is predicted from the token before it.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public AnswerTargets(Tensor targetIds)
    {
        using var scope = NewDisposeScope();
        var length = targetIds.shape[1];
        var next = targetIds.narrow(1, 1, length - 1);                                           // (B, T - 1)
        var isTarget = next.ne(Constants.Whole(ConversationEncoding.IgnoredTarget));
        var max = isTarget.sum(1).max().Value<long>();
        if (max == 0)
            throw new ArgumentException("Target ids: expected at least one that is not -100 after the first token, found none.",
                nameof(targetIds));
        // The largest numbers belong to the first targets of a row; zeros fill up the rows that have fewer.
        var fromEnd = arange(Constants.Whole(length - 1), device: targetIds.device).neg().Plus(Constants.Whole(length));   // (T - 1)
        var (found, _) = (isTarget.to(ScalarType.Int64) * fromEnd).topk((int)max, 1);           // (B, M)
        var isFound = found.gt(Constants.Whole(0));
        var positions = found.neg().Plus(Constants.Whole(length)) * isFound.to(ScalarType.Int64);        // (B, M)
        Rows = isFound.flatten().nonzero().squeeze(1).DetachFromDisposeScope();
        Ids = next.gather(1, positions).flatten().index_select(0, Rows).DetachFromDisposeScope();
        Positions = positions.DetachFromDisposeScope();
    }

    /// <summary>Positions of the tokens that predict, (B, M); rows with fewer are filled up with 0.</summary>
    public Tensor Positions { get; }

    /// <summary>Which of the B * M positions predict a target, (N).</summary>
    public Tensor Rows { get; }

    /// <summary>The targets, (N).</summary>
    public Tensor Ids { get; }

    /// <summary>What belongs to each target of what belongs to every token, (B, T) -> (N).</summary>
    public Tensor Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.narrow(1, 1, values.shape[1] - 1).gather(1, Positions).flatten().index_select(0, Rows).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Positions.Dispose();
        Rows.Dispose();
        Ids.Dispose();
    }
}
