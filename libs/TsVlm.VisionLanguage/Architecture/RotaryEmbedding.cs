using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Architecture;

/// <summary>
/// Rotary position embedding (Su et al. 2021) in Hugging Face's convention: number i of a head is turned together with number i + K/2.
/// </summary>
internal sealed class RotaryEmbedding
{
    // Shapes: B batch, H heads, T tokens, K head width.
    private readonly Tensor cosine;   // (B, 1, T, K/2)
    private readonly Tensor sine;     // (B, 1, T, K/2)

    /// <summary>The turns of <paramref name="positionIds"/> (B, T); angles in float32, cosines in <paramref name="type"/>.</summary>
    public RotaryEmbedding(Tensor positionIds, int headWidth, double theta, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var frequencies = tensor(Frequencies(headWidth, theta), device: positionIds.device);     // (K/2)
        var angles = positionIds.to(ScalarType.Float32).unsqueeze(-1) * frequencies;             // (B, T, K/2)
        cosine = angles.cos().to(type).unsqueeze(1).MoveToOuterDisposeScope();
        sine = angles.sin().to(type).unsqueeze(1).MoveToOuterDisposeScope();
    }

    private RotaryEmbedding(Tensor cosine, Tensor sine) => (this.cosine, this.sine) = (cosine, sine);

    /// <summary>The turns of some tokens of each row, (B, M) of them.</summary>
    public RotaryEmbedding Of(Tensor positions) => new(Rows(cosine, positions), Rows(sine, positions));

    private static Tensor Rows(Tensor turns, Tensor positions)
    {
        using var scope = NewDisposeScope();
        return turns.take_along_dim(positions.unsqueeze(1).unsqueeze(-1), 2).MoveToOuterDisposeScope();   // (B, 1, M, K/2)
    }

    /// <summary>The turns as tensors.</summary>
    public IEnumerable<Tensor> Tensors => [cosine, sine];

    private static float[] Frequencies(int headWidth, double theta) =>
        [.. Enumerable.Range(0, headWidth / 2).Select(i => 1 / MathF.Pow((float)theta, 2f * i / headWidth))];

    /// <summary>Turns queries or keys (B, H, T, K).</summary>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, -1);                                                             // 2 x (B, H, T, K/2)
        var (first, second) = (halves[0], halves[1]);
        return cat([(first * cosine) - (second * sine), (second * cosine).Plus(first * sine)], -1).MoveToOuterDisposeScope();
    }
}
