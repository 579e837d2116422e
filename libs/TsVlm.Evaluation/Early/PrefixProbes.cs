using TsVlm.Baselines.Linear;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Probing;

namespace TsVlm.Evaluation.Early;

/// <summary>Fits probes of one scenario on prefixes of series; TEASER's slave classifiers.</summary>
public sealed class PrefixProbes : IDisposable
{
    private readonly Scenario scenario;
    private readonly ModelFolder folder;
    private readonly Llava model;
    private readonly SampleEncoding encoding;
    private readonly BatchFormat format;
    private readonly ProbeReading reading;

    /// <summary>Loads the model.</summary>
    /// <param name="scenario">A scenario of a probe that does not change the model.</param>
    /// <param name="folder">The model.</param>
    /// <param name="device">Where it is computed.</param>
    /// <param name="numThreads">Threads of the tensor library.</param>
    /// <exception cref="EarlyException">The scenario is of another kind.</exception>
    public PrefixProbes(Scenario scenario, ModelFolder folder, ComputeDevice device, int numThreads)
    {
        if (scenario.Recipe is not { ReadOut: not ReadOut.Answer, LeavesModel: true } || scenario.Representation.Arm is Arm.ShuffledImage)
            throw new EarlyException(
                $"Scenario {scenario.Name}: expected a probe on a model that is not trained (readOut tower-probe or answer-probe, epochs 0), for "
                + "a classifier is fitted on each prefix; found another one. The preset probe is one.");
        TorchRuntime.UseThreads(numThreads);
        (this.scenario, this.folder) = (scenario, folder);
        model = ModelStart.Create(folder, ModelOptions.ForTraining(scenario.Recipe, seed: 0, device));
        encoding = new SampleEncoding(folder);
        format = encoding.Format(device);
        reading = new ProbeReading(model, scenario.Recipe.ReadOut);
    }

    /// <summary>Fits the representation and a probe on training series, which are prefixes already.</summary>
    /// <param name="dataset">The data set, for its classes.</param>
    /// <param name="training">The series.</param>
    /// <param name="classes">Class of each.</param>
    /// <param name="progress">Told how many are read.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public PrefixProbe Fit(Dataset dataset, IReadOnlyList<TimeSeries> training, IReadOnlyList<int> classes, Action<int> progress,
        CancellationToken cancellationToken)
    {
        var fitted = FittedRepresentation.Fit(scenario.Representation, folder.Inputs, dataset.Classes, training, dataset.ClassTexts)
            with { HasLabelSets = dataset.HasLabelSets };
        var builder = new SampleBuilder(fitted, folder.Inputs);
        var samples = Encoded(builder, training);
        var parts = reading.Parts(samples[0]);
        var ridge = RidgeClassifier.Fit(reading.ReadAll(samples, format, progress, cancellationToken), classes, dataset.Classes.Count,
            parts.Sizes.Count > 1 ? new(parts.Sizes, parts.Shares) : null, cancellationToken);
        return new(ridge, (series, told) => reading.ReadAll(Encoded(builder, series), format, told, cancellationToken));
    }

    /// <inheritdoc />
    public void Dispose() => model.Dispose();

    private EncodedSample[] Encoded(SampleBuilder builder, IReadOnlyList<TimeSeries> series) =>
        [.. series.Select((one, i) => encoding.EncodeForProbe(i, builder.Build(one), target: 0))];
}

/// <summary>A probe that was fitted on prefixes of one length.</summary>
public sealed class PrefixProbe
{
    private readonly RidgeClassifier ridge;
    private readonly Func<IReadOnlyList<TimeSeries>, Action<int>, IReadOnlyList<float[]>> read;

    internal PrefixProbe(RidgeClassifier ridge, Func<IReadOnlyList<TimeSeries>, Action<int>, IReadOnlyList<float[]>> read)
    {
        (this.ridge, this.read) = (ridge, read);
        HeldOut = [.. ridge.LeaveOneOut.Select(ridge.Probabilities)];
    }

    /// <summary>Probabilities (cases, classes) of each training case by a fit without it.</summary>
    public IReadOnlyList<double[]> HeldOut { get; }

    /// <summary>Probabilities (series, classes) of other prefixes of the length.</summary>
    public IReadOnlyList<double[]> Classify(IReadOnlyList<TimeSeries> series, Action<int> progress) =>
        series.Count == 0 ? [] : [.. ridge.Decide(read(series, progress)).Select(ridge.Probabilities)];
}
