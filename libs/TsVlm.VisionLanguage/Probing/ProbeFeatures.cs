using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Probing;

/// <summary>
/// What a probe reads. Of the vision tower: of each channel the summary of its whole image, and mean and maximum of the summaries of its
/// windows, where there are any. Of the language model: the states where the answer begins. Of either: the statistics that the prompt states.
/// </summary>
/// <remarks>Shapes: B samples, C channels, W images of a channel, F numbers of an image, S statistics of a sample.</remarks>
internal static class ProbeFeatures
{
    private static readonly double[] StatisticsShares = [0, 0.03, 0.1, 0.3, 0.9];

    /// <summary>Features of a batch (B, P): of the language model's states, statistics (S).</summary>
    public static Tensor OfAnswer(Llava model, Batch batch)
    {
        using var scope = NewDisposeScope();
        var states = model.AnswerStates(batch.InputIds, batch.AttentionMask, batch.Images).flatten(1).to(ScalarType.Float32);
        return (batch.Statistics is { } statistics ? cat([states, statistics], 1) : states).MoveToOuterDisposeScope();
    }

    /// <summary>Features of a batch (B, P): wholes (C * F), windows (C * 2 * F), statistics (S).</summary>
    public static Tensor OfTower(Llava model, Batch batch, Tensor images)
    {
        using var scope = NewDisposeScope();
        var (numSamples, numWindows) = (batch.Cases.Count, batch.NumWindows);
        var summaries = model.VisionSummary(images).flatten(1).to(ScalarType.Float32);                    // (B * C * W, F)
        var windows = summaries.view(numSamples, -1, numWindows, summaries.shape[1]);                     // (B, C, W, F)
        var parts = new List<Tensor> { windows.narrow(2, 0, 1).flatten(1) };
        if (numWindows > 1)
        {
            var halves = windows.narrow(2, 1, numWindows - 1);
            parts.Add(stack([halves.mean([2]), halves.amax([2])], 2).flatten(1));
        }
        if (batch.Statistics is { } statistics) parts.Add(statistics);
        return cat(parts, 1).MoveToOuterDisposeScope();
    }

    /// <summary>The parts of <see cref="OfAnswer"/>.</summary>
    public static ProbeParts PartsOfAnswer(Llava model, EncodedSample sample) => WithStatistics([model.AnswerStatesSize], [[1]], sample);

    /// <summary>
    /// The parts of <see cref="OfTower"/> and the shares to choose from, the same for every data set: windows count as much as wholes or not at
    /// all, statistics for a share of both or not at all.
    /// </summary>
    public static ProbeParts PartsOfTower(Llava model, EncodedSample sample)
    {
        var numChannels = sample.Images.Count / sample.NumWindows;
        List<int> sizes = [numChannels * model.VisionSummarySize];
        List<double[]> shares = [[1]];
        if (sample.NumWindows > 1)
        {
            sizes.Add(2 * sizes[0]);
            shares = [[1, 0], [0.5, 0.5]];
        }
        return WithStatistics(sizes, shares, sample);
    }

    private static ProbeParts WithStatistics(List<int> sizes, List<double[]> shares, EncodedSample sample) =>
        sample.Statistics.Count == 0 ? new(sizes, shares)
        : new([.. sizes, sample.Statistics.Count], [.. from ofStatistics in StatisticsShares from ofOthers in shares
            select (double[])[.. ofOthers.Select(share => share * (1 - ofStatistics)), ofStatistics]]);
}

/// <summary>Kinds of features that a probe reads of a sample.</summary>
/// <param name="Sizes">Numbers of each part.</param>
/// <param name="Shares">Choices of how much each part counts, the simplest first.</param>
public sealed record ProbeParts(IReadOnlyList<int> Sizes, IReadOnlyList<IReadOnlyList<double>> Shares);
