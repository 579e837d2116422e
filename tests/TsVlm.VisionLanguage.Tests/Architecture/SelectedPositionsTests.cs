using TsVlm.VisionLanguage.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Architecture;

/// <summary>The loss, for which the last layer answers for some tokens only, against the logits of all tokens.</summary>
[Collection(TorchTests.Name)]
public sealed class SelectedPositionsTests : IDisposable
{
    private const int Pad = 0;
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly Llava model = HuggingFace.TinyModel();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    public void Loss_and_gradients_are_those_of_all_logits(bool padsLeft, int numPadding)
    {
        // One row with three targets, one with one, one with none: the rows ask for different numbers of tokens.
        var ids = Rows(padsLeft, numPadding, Pad, [5, 9, 11, 8, 21, 17, 30], [5, 12, 13, 14, 15, 16, 40], [7, 6, 5, 9, 10, 11, 12]);
        var targets = Rows(padsLeft, numPadding,
            -100, [-100, 9, -100, -100, 21, 17, -100], [-100, -100, -100, -100, -100, -100, 40], [-100, -100, -100, -100, -100, -100,
                -100]);
        var mask = Rows(padsLeft, numPadding, 0, [1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1]);

        var (loss, gradients) = Learn(() => model.Loss(ids, mask, null, targets));
        var (expectedLoss, expectedGradients) = Learn(() => nn.functional.cross_entropy(
            model.Forward(ids, mask, null)[.., ..^1].flatten(0, 1), targets[.., 1..].flatten(), ignore_index: -100));

        Assert.Equal(expectedLoss, loss, 1e-5f);
        foreach (var (name, gradient) in expectedGradients) Close.To(gradient, gradients[name], 1e-5, name);
    }

    [Fact]
    public void Every_token_can_be_read()
    {
        using var frozen = no_grad();
        var ids = tensor(new long[,] { { 5, 9, 11, 8 }, { 6, 7, 8, 9 } });
        var embeddings = model.InputEmbeddings(ids, null);
        var mask = AttentionMask.Causal(ones_like(ids), embeddings.dtype);
        var all = model.Decoder.Forward(embeddings, Llava.PositionIds(ones_like(ids)), mask, null);
        var read = model.Decoder.Forward(embeddings, Llava.PositionIds(ones_like(ids)), mask, null,
            tensor(new long[,] { { 3, 0, 1, 2 }, { 2, 2, 0, 1 } }));
        Close.To(stack([all[0, 3], all[0, 0], all[0, 1], all[0, 2]]), read[0], 1e-5, "row 0");
        Close.To(stack([all[1, 2], all[1, 2], all[1, 0], all[1, 1]]), read[1], 1e-5, "row 1");
    }

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    private (float Loss, Dictionary<string, Tensor> Gradients) Learn(Func<Tensor> loss)
    {
        model.zero_grad();
        using var value = loss();
        value.backward();
        return (value.item<float>(), model.named_parameters().Where(p => p.parameter.grad is not null)
            .ToDictionary(p => p.name, p => p.parameter.grad!.clone()));
    }

    private static Tensor Rows(bool padsLeft, int numPadding, long filler, params long[][] rows)
    {
        long[] padding = [.. Enumerable.Repeat(filler, numPadding)];
        return stack([.. rows.Select(row => tensor(padsLeft ? [.. padding, .. row] : (long[])[.. row, .. padding]))]);
    }
}
