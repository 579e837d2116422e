using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// The tokens whose states are read after the last layer. That layer needs keys and values of all tokens, but queries, and all that
/// follows, of these alone: the same numbers, for a training on short answers at about the cost of one layer less.
/// </summary>
internal sealed class SelectedPositions
{
    // Shapes: B batch, T tokens, M tokens read of each row, D width.
    private readonly Tensor positions;   // (B, M)
    private readonly Tensor rows;        // (B * M), among all B * T

    /// <summary>
    /// Reads the tokens at <paramref name="positions"/> (B, M), each sees itself and what is before it as <paramref name="mask"/>
    /// allows.
    /// </summary>
    public SelectedPositions(Tensor positions, long length, RotaryEmbedding rotary, AttentionMask mask, ScalarType type)
    {
        using var scope = NewDisposeScope();
        this.positions = positions.alias().MoveToOuterDisposeScope();
        // (B, 1)
        var firsts = arange(Constants.Whole(positions.shape[0]), device: positions.device).unsqueeze(1) * Constants.Whole(length);
        rows = firsts.Plus(positions).flatten().MoveToOuterDisposeScope();
        Rotary = rotary.Of(positions);
        foreach (var turns in Rotary.Tensors) turns.MoveToOuterDisposeScope();
        Mask = mask.Of(positions, length, type).MoveToOuterDisposeScope();
    }

    /// <summary>Their turns.</summary>
    public RotaryEmbedding Rotary { get; }

    /// <summary>What is added to their scores, (B, 1, M, T).</summary>
    public Tensor Mask { get; }

    /// <summary>What a layer needs to be computed again.</summary>
    public IEnumerable<Tensor> Tensors => [positions, rows, Mask, .. Rotary.Tensors];

    /// <summary>Their rows: (B, T, D) -> (B, M, D).</summary>
    public Tensor Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.flatten(0, 1).index_select(0, rows).view(positions.shape[0], positions.shape[1], x.shape[2]).MoveToOuterDisposeScope();
    }
}
