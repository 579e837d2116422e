using TsVlm.Contracts;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Probing;

/// <summary>What a probe reads of a model.</summary>
/// <param name="model">The model.</param>
/// <param name="readOut">A read-out by a probe.</param>
public sealed class ProbeReading(Llava model, ReadOut readOut)
{
    private const int SamplesAtOnce = 16;

    /// <summary>Numbers that are read of a sample.</summary>
    public int NumFeatures => readOut is ReadOut.TowerProbe ? model.VisionSummarySize : model.AnswerStatesSize;

    /// <summary>A batch of prompts without answers -> (B, P), float32.</summary>
    /// <exception cref="ArgumentException">
    /// The vision tower is read and not every prompt has an image, or the read-out is no probe.
    /// </exception>
    public Tensor Read(Batch batch)
    {
        using var scope = NewDisposeScope();
        var features = readOut switch
        {
            ReadOut.TowerProbe when batch.Images is { } images && images.shape[0] == batch.Cases.Count => model.VisionSummary(images),
            ReadOut.TowerProbe =>
            throw new ArgumentException(
                $"Cases {string.Join(", ", batch.Cases)}: expected an image each for a probe on the vision tower, found "
                + $"{batch.Images?.shape[0] ?? 0}. Read the language model (answer-probe), or show images.", nameof(batch)),
            ReadOut.AnswerProbe => model.AnswerStates(batch.InputIds, batch.AttentionMask, batch.Images),
            _ => throw new ArgumentException($"Read-out: expected a probe, found {readOut}."),
        };
        return features.flatten(1).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Reads samples of any number, in their order, with the model in evaluation mode and without gradients: (samples, P).
    /// </summary>
    /// <param name="samples">Prompts without answers.</param>
    /// <param name="format">How they become tensors.</param>
    /// <param name="progress">Told how many are read.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public IReadOnlyList<float[]> ReadAll(IReadOnlyList<EncodedSample> samples, BatchFormat format, Action<int> progress,
        CancellationToken cancellationToken)
    {
        using var evaluation = new EvaluationMode(model);
        using var noGradient = no_grad();
        var features = new List<float[]>(samples.Count);
        foreach (var portion in samples.Chunk(SamplesAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = Batch.Of(portion, format);
            features.AddRange(Read(batch).cpu().data<float>().ToArray().Chunk(NumFeatures));
            progress(features.Count);
        }
        return features;
    }
}
