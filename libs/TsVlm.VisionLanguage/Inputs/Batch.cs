using TsVlm.Models;
using TsVlm.VisionLanguage.Numerics;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Inputs;

/// <summary>How samples become tensors.</summary>
/// <param name="Images">Makes pixel values of the images.</param>
/// <param name="PadId">The token that fills up the shorter sequences of a batch; it is masked away.</param>
/// <param name="Device">Where the model is.</param>
public sealed record BatchFormat(ImageProcessor Images, int PadId, Device Device);

/// <summary>
/// Samples as tensors, padded on the right to the longest of them. Shapes: B batch, T tokens, N images of all samples, S image size or number
/// of statistics, I tokens of an image, Dv width of the vision tower.
/// </summary>
public sealed class Batch : IDisposable
{
    /// <summary>A batch of tensors, which it disposes.</summary>
    public Batch(Tensor inputIds, Tensor attentionMask, Tensor? images, Tensor targetIds, IReadOnlyList<int> cases)
    {
        InputIds = inputIds.DetachFromDisposeScope();
        AttentionMask = attentionMask.DetachFromDisposeScope();
        Images = images?.DetachFromDisposeScope();
        TargetIds = targetIds.DetachFromDisposeScope();
        Cases = cases;
    }

    /// <summary>Token ids (B, T), 64-bit.</summary>
    public Tensor InputIds { get; }

    /// <summary>1 where a token is, 0 where padding is (B, T), 64-bit.</summary>
    public Tensor AttentionMask { get; }

    /// <summary>
    /// Pixel values (N, 3, S, S), or the states of a frozen vision tower (N, I, Dv), in the order of the samples; null when none has an
    /// image.
    /// </summary>
    public Tensor? Images { get; }

    /// <summary>Ids to predict (B, T), 64-bit, -100 where the loss passes over.</summary>
    public Tensor TargetIds { get; }

    /// <summary>Weight of each target in the loss (B, T), float32; null where all have the same.</summary>
    public Tensor? Weights { get; private init; }

    /// <summary>Class of each sample (B), 64-bit, where a probe tells it; null otherwise.</summary>
    public Tensor? Classes { get; private init; }

    /// <summary>Statistics of each sample (B, S), float32, where a probe reads them; null otherwise.</summary>
    public Tensor? Statistics { get; private init; }

    /// <summary>Images of each channel.</summary>
    public int NumWindows { get; private init; } = 1;

    /// <summary>Whether all samples have equally many images.</summary>
    public bool HasEqualImages { get; private init; }

    /// <summary>Numbers of the cases, for errors.</summary>
    public IReadOnlyList<int> Cases { get; }

    /// <summary>The samples as one batch, in their order.</summary>
    public static Batch Of(IReadOnlyList<EncodedSample> samples, BatchFormat format) => Of(samples, format, null);

    /// <summary>
    /// The samples as one batch, in their order, with <paramref name="states"/> in place of pixel values where they are known.
    /// </summary>
    internal static Batch Of(IReadOnlyList<EncodedSample> samples, BatchFormat format, VisionFeatureCache? states)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(format);
        using var scope = NewDisposeScope();
        var length = samples.Max(s => s.InputIds.Length);
        byte[][] images = [.. samples.SelectMany(s => s.Images)];
        return new Batch(
            Rows(samples, length, format.PadId, s => s.InputIds).to(format.Device),
            Rows(samples, length, 0, s => Enumerable.Repeat(1, s.InputIds.Length)).to(format.Device),
            (states is null ? format.Images.ToTensor(images) : states.Of(images))?.to(format.Device),
            Rows(samples, length, ConversationEncoding.IgnoredTarget, s => s.TargetIds).to(format.Device),
            [.. samples.Select(s => s.Case)])
        {
            Weights = samples.Any(s => s is { Rationale: not null, RationaleWeight: not 1 })
                ? WeightsOf(samples, length).to(format.Device).DetachFromDisposeScope() : null,
            NumWindows = samples[0].NumWindows,
            HasEqualImages = samples.All(s => s.Images.Count == samples[0].Images.Count && s.NumWindows == samples[0].NumWindows),
            Statistics = samples[0].Statistics.Count == 0 ? null
                : tensor([.. samples.SelectMany(s => s.Statistics)], [samples.Count, samples[0].Statistics.Count], device: format.Device)
                .DetachFromDisposeScope(),
            Classes = samples.All(s => s.Class is not null)
            ? tensor([.. samples.Select(s => (long)s.Class!)], device: format.Device).DetachFromDisposeScope() : null,
        };
    }

    /// <summary>Tokens that the loss of this batch is the mean over: targets that are not ignored, after the shift by one.</summary>
    public long CountAnswerTokens()
    {
        using var scope = NewDisposeScope();
        return TargetIds.slice(1, 1, TargetIds.size(1), 1).ne(Constants.Whole(ConversationEncoding.IgnoredTarget)).sum().Value<long>();
    }

    /// <summary>What the loss of this batch is divided by: the sum of the targets' weights.</summary>
    public double SumOfWeights()
    {
        if (Weights is null) return CountAnswerTokens();
        using var scope = NewDisposeScope();
        var isTarget = TargetIds.slice(1, 1, TargetIds.size(1), 1).ne(Constants.Whole(ConversationEncoding.IgnoredTarget));
        return (Weights.slice(1, 1, Weights.size(1), 1) * isTarget).sum().Value<float>();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        InputIds.Dispose();
        AttentionMask.Dispose();
        Images?.Dispose();
        TargetIds.Dispose();
        Weights?.Dispose();
        Classes?.Dispose();
        Statistics?.Dispose();
    }

    private static Tensor WeightsOf(IReadOnlyList<EncodedSample> samples, int length)
    {
        var weights = new float[samples.Count * length];
        Array.Fill(weights, 1);
        foreach (var (row, sample) in samples.Index())
            if (sample.Rationale is { } place)
                weights.AsSpan((row * length) + place.Start, place.End - place.Start).Fill((float)sample.RationaleWeight);
        return tensor(weights, [samples.Count, length]);
    }

    private static Tensor Rows(IReadOnlyList<EncodedSample> samples, int length, int filler, Func<EncodedSample, IEnumerable<int>> values)
    {
        var rows = new long[samples.Count * length];
        Array.Fill(rows, filler);
        for (var row = 0; row < samples.Count; row++)
        {
            var position = row * length;
            foreach (var value in values(samples[row])) rows[position++] = value;
        }
        return tensor(rows, [samples.Count, length]);
    }
}
