using System.Collections.Concurrent;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Evaluation.Results;
using TsVlm.Representations;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;

namespace TsVlm.Serving.Classification;

/// <summary>
/// A trained model that answers to series, for several threads at once. The answer to a series does not depend on what else is asked: a
/// series is computed alone on one thread of the tensor library, or with others in a pass that <see cref="PassSize"/> allows.
/// </summary>
public sealed class SeriesClassifier : IDisposable
{
    private readonly Classifier classifier;
    private readonly ConcurrentBag<SampleBuilder> builders = [];   // one makes one sample after another

    private SeriesClassifier(Classifier classifier) => this.classifier = classifier;

    /// <summary>The classes, in the data set's order.</summary>
    public IReadOnlyList<string> Classes => classifier.Classes;

    /// <summary>Channels that a series must have.</summary>
    public int NumChannels => classifier.Checkpoint.Fitted.NumChannels;

    /// <summary>The run that made the model.</summary>
    public RunSpec Run => classifier.Checkpoint.Run;

    /// <summary>Where the model is computed: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device => classifier.Device;

    /// <summary>Opens a run's folder (<c>OUT/runs/RUN</c>) or a checkpoint's own.</summary>
    /// <exception cref="TsVlm.Artifacts.ArtifactException">Neither, or the checkpoint is missing or damaged.</exception>
    /// <exception cref="TsVlm.VisionLanguage.Files.CheckpointException">A file of the checkpoint cannot be used.</exception>
    public static async Task<SeriesClassifier> Open(string folder, ComputeDevice device, CancellationToken cancellationToken)
    {
        var checkpoint = await CheckpointLocation.Resolve(folder, cancellationToken);
        return new(Classifier.Open(checkpoint, device, numThreads: 1));
    }

    /// <summary>The answer to one series.</summary>
    /// <exception cref="RepresentationException">The series has other channels than the training series, or cannot fit the context.</exception>
    public SeriesAnswer Classify(TimeSeries series) => Classify([Build(series)])[0];

    /// <summary>What the model is shown of a series.</summary>
    /// <exception cref="RepresentationException">The series has other channels than the training series, or cannot fit the context.</exception>
    public SampleInput Build(TimeSeries series)
    {
        var builder = builders.TryTake(out var free) ? free : new SampleBuilder(classifier.Checkpoint.Fitted, classifier.Checkpoint.Model.Inputs);
        try
        {
            return builder.Build(series);
        }
        finally
        {
            builders.Add(builder);
        }
    }

    /// <summary>The answers to samples that are computed in one pass through the model.</summary>
    public IReadOnlyList<SeriesAnswer> Classify(IReadOnlyList<SampleInput> pass) =>
        [.. classifier.Classify(pass, CancellationToken.None).Select(probabilities => SeriesAnswer.Of(Classes, probabilities))];

    /// <summary>The answers to new series, in their order, several computed at once.</summary>
    /// <param name="series">The series.</param>
    /// <param name="atOnce">How many are computed at the same time, each on one thread.</param>
    /// <param name="cancellationToken">Stops between two series.</param>
    /// <exception cref="RepresentationException">A series cannot be shown to the model; the message begins with its place.</exception>
    public IReadOnlyList<SeriesAnswer> Classify(IReadOnlyList<NewSeries> series, int atOnce, CancellationToken cancellationToken)
    {
        // Samples first: a series that cannot be shown is refused before the first answer is computed.
        var inputs = series.Select(Build).ToArray();
        var answers = new SeriesAnswer[series.Count];
        Parallel.For(0, series.Count, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            i => answers[i] = Classify([inputs[i]])[0]);
        return answers;
    }

    /// <inheritdoc />
    public void Dispose() => classifier.Dispose();

    private SampleInput Build(NewSeries series)
    {
        try
        {
            return Build(series.Series);
        }
        catch (RepresentationException error)
        {
            throw new RepresentationException($"{series.Place}: {error.Message}", error);
        }
    }
}
