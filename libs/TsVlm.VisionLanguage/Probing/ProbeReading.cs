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
    private const int SamplesAtOnce = 16, ImagesAtOnce = 32;

    /// <summary>
    /// Numbers that are read of a sample, by their kind: of whole images, of windows, statistics; or of the language model's states.
    /// </summary>
    public ProbeParts Parts(EncodedSample sample) =>
        readOut is ReadOut.TowerProbe ? ProbeFeatures.PartsOfTower(model, sample) : ProbeFeatures.PartsOfAnswer(model, sample);

    /// <summary>A batch of prompts without answers -> (B, P), float32.</summary>
    /// <exception cref="ArgumentException">
    /// The vision tower is read and not every prompt has as many images, or the read-out is no probe.
    /// </exception>
    public Tensor Read(Batch batch)
    {
        using var scope = NewDisposeScope();
        var features = readOut switch
        {
            ReadOut.TowerProbe when batch is { Images: { } images, HasEqualImages: true } => ProbeFeatures.OfTower(model, batch, images),
            ReadOut.TowerProbe =>
            throw new ArgumentException(
                $"Cases {string.Join(", ", batch.Cases)}: expected equally many images each for a probe on the vision tower, found "
                + $"{batch.Images?.shape[0] ?? 0}. Read the language model (answer-probe), or show images.", nameof(batch)),
            ReadOut.AnswerProbe => ProbeFeatures.OfAnswer(model, batch),
            _ => throw new ArgumentException($"Read-out: expected a probe, found {readOut}."),
        };
        return features.flatten(1).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Reads samples of any number, in their order, with the model in evaluation mode and without gradients: (samples, P). Samples that the
    /// probe cannot tell apart, such as blank images, are read once: the last digits depend on what a sample is computed with, and a probe
    /// would learn from them.
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
        var comparer = new EqualToProbe(readOut);
        EncodedSample[] distinct = [.. samples.Distinct(comparer)];
        var features = new List<float[]>(distinct.Length);
        var imagesPerSample = Math.Max(1, samples.Select(sample => sample.Images.Count).DefaultIfEmpty().Max());
        foreach (var portion in distinct.Chunk(Math.Clamp(ImagesAtOnce / imagesPerSample, 1, SamplesAtOnce)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = Batch.Of(portion, format);
            var read = Read(batch);
            features.AddRange(read.cpu().data<float>().ToArray().Chunk((int)read.shape[1]));
            progress(features.Count);
        }
        if (distinct.Length == samples.Count) return features;
        progress(samples.Count);
        var ofSample = distinct.Zip(features).ToDictionary(pair => pair.First, pair => pair.Second, comparer);
        return [.. samples.Select(sample => ofSample[sample])];
    }

    /// <summary>Whether two samples show a probe the same.</summary>
    private sealed class EqualToProbe(ReadOut readOut) : IEqualityComparer<EncodedSample>
    {
        public bool Equals(EncodedSample? x, EncodedSample? y) => ReferenceEquals(x, y) || (x is not null && y is not null
            && x.Images.SequenceEqual(y.Images, EqualPixels.Comparer) && x.Statistics.SequenceEqual(y.Statistics)
            && (readOut is ReadOut.TowerProbe || x.InputIds.AsSpan().SequenceEqual(y.InputIds)));

        public int GetHashCode(EncodedSample obj)
        {
            var hash = new HashCode();
            foreach (var image in obj.Images) hash.Add(image, EqualPixels.Comparer);
            foreach (var number in obj.Statistics) hash.Add(number);
            if (readOut is not ReadOut.TowerProbe) foreach (var id in obj.InputIds) hash.Add(id);
            return hash.ToHashCode();
        }
    }
}
