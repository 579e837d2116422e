using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Pretraining.Files;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.Pretraining.Descriptions;

/// <summary>Lets a model describe series: zoom mosaics in, sentences out, the likeliest token again and again.</summary>
public sealed class SeriesDescriber : IDisposable
{
    private const int MaxTokens = 120, BatchSize = 16;

    private readonly Llava model;
    private readonly SampleEncoding encoding;
    private readonly DescriptionRequest request;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">A model's folder with weights.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="numThreads">Threads of the tensor library.</param>
    /// <exception cref="CheckpointException">
    /// The folder has no weights, they cannot be used, or they come from a pretraining without descriptions.
    /// </exception>
    public SeriesDescriber(ModelFolder folder, ComputeDevice device, int numThreads)
    {
        if (!folder.HasWeights)
            throw new CheckpointException($"{folder.Path}: expected a model with weights, found none. Name a pretrained model's folder.");
        if (PretrainingFile.LacksDescriptions(folder.Path))
            throw new CheckpointException($"{folder.Path}: expected a model that has learnt to describe series, found one pretrained without "
                + "descriptions. Name the folder of tsvlm pretrain --part answers (docs/commands.md).");
        TorchSharp.torch.set_num_threads(numThreads);
        model = ModelStart.Create(folder, new ModelOptions { Device = device.Device });
        model.eval();
        encoding = new SampleEncoding(folder);
        request = new DescriptionRequest(folder.Inputs);
    }

    /// <summary>What the model writes of each series, in their order; it may be anything, if the model has not learnt to describe.</summary>
    /// <param name="series">Series of at least one step; only those of equally many channels are read together.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="TsVlm.Representations.RepresentationException">Unusable values, or too many channels.</exception>
    public IEnumerable<string> Describe(IEnumerable<TimeSeries> series, CancellationToken cancellationToken)
    {
        foreach (var batch in series.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var texts = new string[batch.Length];
            foreach (var alike in batch.Index().GroupBy(one => one.Item.NumChannels))
                foreach (var (text, (index, _)) in Write([.. alike.Select(one => one.Item)]).Zip(alike)) texts[index] = text;
            foreach (var text in texts) yield return text;
        }
    }

    /// <inheritdoc />
    public void Dispose() => model.Dispose();

    private IReadOnlyList<string> Write(TimeSeries[] series) =>
        Generation.Write(model, encoding, [.. series.Select(one => encoding.EncodePrompt(request.Of(one)))], MaxTokens);
}
