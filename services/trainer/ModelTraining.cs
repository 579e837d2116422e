using System.Text.Json.Serialization;
using TsVlm.Baselines.Linear;
using TsVlm.Contracts;
using TsVlm.Telemetry;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Probing;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Trainer;

/// <summary>
/// Trains a model by a recipe: fine-tunes it to answer, fits a linear probe on it, or fits a probe and fine-tunes both (LP-FT: Kumar et al.
/// 2022).
/// A probe for which nothing is chosen on validation samples is fitted on these too.
/// </summary>
/// <param name="model">The model, made by the recipe; its weights change.</param>
/// <param name="encoding">Tokenizer and image preprocessing of its folder.</param>
/// <param name="run">Recipe and seed.</param>
/// <param name="settings">Threads.</param>
/// <param name="device">Where the model is.</param>
/// <param name="clock">Measures the throughput.</param>
internal sealed class ModelTraining(Llava model, SampleEncoding encoding, RunSpec run, TrainerSettings settings, ComputeDevice device,
    TimeProvider clock)
{
    // Validation on fewer cases than a fifth of these says too little of which model is the better one.
    private const int MinForGuard = 50;
    private readonly Recipe recipe = run.FineTuned!.Scenario.Recipe;
    private readonly BatchFormat format = encoding.Format(device);
    private readonly RationaleWriter? writer =
        run.FineTuned.Scenario.Representation.Rationale is { Order: RationaleOrder.RationaleFirst } rationale
        ? new(model, encoding, rationale.MaxTokens)
        : null;

    /// <summary>Trains on the samples.</summary>
    /// <param name="samples">Training and validation samples, encoded for the recipe's read-out.</param>
    /// <param name="callbacks">Progress and snapshots.</param>
    /// <param name="read">Hears how many samples a probe has read, of how many, where that is all the work.</param>
    /// <param name="snapshot">Folder of a snapshot to go on from; null for none.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public TrainedModel Run(TrainingSamples samples, FineTuningCallbacks callbacks, Action<int, int> read, string? snapshot,
        CancellationToken cancellationToken)
    {
        if (recipe.ReadOut is ReadOut.Answer)
            return recipe.LeavesModel ? TrainedModel.Unchanged : new() { Changed = true, FineTuning = Tune(null) };

        var tunes = !recipe.LeavesModel && !(recipe.Guard && (samples.Train.Count < MinForGuard || samples.Validation.Count == 0));
        EncodedSample[] all = [.. samples.Train, .. samples.Validation];
        var fitting = RunTraces.Start(TelemetryNames.Probe, run);
        var reading = new ProbeReading(model, recipe.ReadOut);
        var features = reading.ReadAll(all, format, done =>
        {
            if (!tunes) read(done, all.Length);   // a tuning tells of its steps
        }, cancellationToken);
        var fitted = Fit(tunes ? samples.Train.Count : all.Length);
        fitting?.SetTag(TelemetryNames.NumSamples, all.Length);
        fitting?.Stop();
        if (!tunes) return new() { Probe = fitted };

        var result = Tune(fitted.Weights);
        if (!result.KeptStart) return new() { Changed = true, Probe = fitted, FineTuning = result };
        fitted.Weights.Dispose();
        return new() { Probe = Fit(all.Length), FineTuning = result };

        FineTuningResult Tune(LinearProbe? probe) =>
            new FineTuner(model, format, recipe, run.Seed, settings.NumThreads, clock, probe, writer).Run(samples.Train, samples.Validation,
                callbacks, snapshot, cancellationToken);

        FittedProbe Fit(int numCases)
        {
            var parts = reading.Parts(all[0]);
            int[] classes = [.. all.Take(numCases).Select(sample => sample.Class!.Value)];
            var ridge = RidgeClassifier.Fit([.. features.Take(numCases)], classes, samples.NumClasses,
                parts.Sizes.Count > 1 ? new(parts.Sizes, parts.Shares) : null, cancellationToken);
            var numRight = ridge.LeaveOneOut.Zip(classes).Count(pair => RidgeClassifier.ClassOf(pair.First) == pair.Second);
            return new(new LinearProbe(ridge.Weights, ridge.Intercepts, ridge.InverseTemperature, device.Device),
                new ProbeFacts(recipe.ReadOut, features[0].Length, numCases, ridge.Lambda, (double)numRight / numCases)
                {
                    Shares = ridge.Shares.Count > 1 ? ridge.Shares : null,
                });
        }
    }
}

/// <summary>What a training made of a model.</summary>
internal sealed record TrainedModel
{
    /// <summary>A model of which nothing was learnt: zero-shot.</summary>
    public static TrainedModel Unchanged => new();

    /// <summary>Whether the model's weights are others than at the start.</summary>
    public bool Changed { get; init; }

    /// <summary>The probe that reads classes; null where answers do.</summary>
    public FittedProbe? Probe { get; init; }

    /// <summary>The steps; null where none was made.</summary>
    public FineTuningResult? FineTuning { get; init; }

    /// <summary>Training samples seen, each time counted; those that a probe was fitted on where no step was made.</summary>
    public long NumSamplesSeen => FineTuning?.NumSamplesSeen ?? Probe?.Facts.NumCases ?? 0;
}

/// <summary>A probe and how it was fitted; the weights may have learnt since.</summary>
internal sealed record FittedProbe(LinearProbe Weights, ProbeFacts Facts);

/// <summary>How a probe was fitted, as in <c>probe.json</c>.</summary>
/// <param name="ReadOut">What it reads.</param>
/// <param name="NumFeatures">Numbers that it reads of a sample.</param>
/// <param name="NumCases">Samples that it was fitted on.</param>
/// <param name="Lambda">The ridge's penalty, of least squared leave-one-out error.</param>
/// <param name="LeaveOneOutAccuracy">
/// Share of these samples that a fit without each classifies right; test cases have no part in it.
/// </param>
internal sealed record ProbeFacts(ReadOut ReadOut, int NumFeatures, int NumCases, double Lambda, double LeaveOneOutAccuracy)
{
    /// <summary>
    /// Share of each kind of features: whole images, windows where there are any, statistics where there are any; null for a single kind.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Shares { get; init; }
}
