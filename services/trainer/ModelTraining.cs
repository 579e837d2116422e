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
/// Trains a model by a recipe: fine-tunes it to answer, fits a linear probe on it, or fits a probe, or the output layer's rows of answers,
/// and fine-tunes both (LP-FT: Kumar et al. 2022). Where the recipe refits, a model that learnt from the training samples alone chooses the
/// epochs and the temperature, and one that learns from the validation samples too is kept. A probe for which nothing is chosen on
/// validation samples is fitted on these too.
/// </summary>
/// <param name="load">Makes the model as it is before training; the same each time.</param>
/// <param name="encoding">Tokenizer and image preprocessing of its folder.</param>
/// <param name="run">Recipe and seed.</param>
/// <param name="settings">Threads.</param>
/// <param name="device">Where the model is.</param>
/// <param name="clock">Measures the throughput.</param>
internal sealed class ModelTraining(
    Func<Llava> load, SampleEncoding encoding, RunSpec run, TrainerSettings settings, ComputeDevice device, TimeProvider clock)
{
    // Validation on fewer cases than a fifth of these says too little of which model is the better one.
    private const int MinForGuard = 50;
    private readonly Scenario scenario = run.FineTuned!.Scenario;
    private readonly Recipe recipe = run.FineTuned.Scenario.Recipe;
    private readonly BatchFormat format = encoding.Format(device);

    /// <summary>Trains on the samples.</summary>
    /// <param name="samples">Training and validation samples, encoded for the recipe's read-out.</param>
    /// <param name="callbacks">Progress and snapshots.</param>
    /// <param name="read">Hears how many samples a probe has read, of how many, where that is all the work.</param>
    /// <param name="snapshot">Folder of a snapshot to go on from; null for none.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public TrainedModel Run(TrainingSamples samples, FineTuningCallbacks callbacks, Action<int, int> read, string? snapshot,
        CancellationToken cancellationToken)
    {
        var tunes = !recipe.LeavesModel && !(recipe.Guard && (samples.Train.Count < MinForGuard || samples.Validation.Count == 0));
        var selection = tunes && snapshot is not null ? TrainingState.SelectionIn(snapshot) : null;
        Llava? model = load();
        try
        {
            var (probes, probe) = Probe(model);
            if (recipe.FitOutputLayer) FitOutput(model, tunes && selection is null ? samples.Train : samples.All);
            if (!tunes) return recipe.FitOutputLayer ? OnlyFitted(model, null) : Ended(model, isChanged: false, probe, result: null);
            if (selection is null)
            {
                var result = Tuner(model, probe).Run(samples.Train, samples.Validation, callbacks, snapshot, cancellationToken);
                if (result.KeptStart && recipe.FitOutputLayer)
                {
                    model.Dispose();
                    model = null;
                    model = load();
                    FitOutput(model, samples.All);
                    return OnlyFitted(model, result);
                }
                if (result.KeptStart)
                {
                    probe?.Dispose();
                    return Ended(model, isChanged: false, probes?.Fit(samples.All.Count), result);
                }
                var trained = Ended(model, isChanged: true, probe, result);
                if (!recipe.Refits || result.BestValidationLoss is null) return trained;
                selection = new(result, trained.Scaling);
                trained.Dispose();
                model = null;   // before the next one takes its memory
                (model, probe, snapshot) = (load(), probes?.Fit(samples.All.Count), null);
                if (recipe.FitOutputLayer) FitOutput(model, samples.All);
            }
            var refit = Tuner(model, probe).Refit(selection, samples.All, callbacks, snapshot, cancellationToken);
            return new(model, probe, refit) { IsChanged = true, Scaling = selection.Scaling };
        }
        catch
        {
            model?.Dispose();
            throw;
        }

        (ProbeFitting? Probes, FittedProbe? First) Probe(Llava model)
        {
            if (recipe.ReadOut is ReadOut.Answer) return default;
            using var span = RunTraces.Start(TelemetryNames.Probe, run);
            span?.SetTag(TelemetryNames.NumSamples, samples.All.Count);
            var reading = new ProbeReading(model, recipe.ReadOut);
            var features = reading.ReadAll(samples.All, format, done =>
            {
                if (!tunes) read(done, samples.All.Count);   // a tuning tells of its steps
            }, cancellationToken);
            var probes = new ProbeFitting(recipe.ReadOut, features, reading.Parts(samples.All[0]), samples, device, cancellationToken);
            return (probes, probes.Fit(tunes && selection is null ? samples.Train.Count : samples.All.Count));
        }

        void FitOutput(Llava model, IReadOnlyList<EncodedSample> fitted)
        {
            using var span = RunTraces.Start(TelemetryNames.Probe, run);
            span?.SetTag(TelemetryNames.NumSamples, fitted.Count);
            OutputLayerFitting.Fit(model, fitted, format, cancellationToken);
        }

        TrainedModel OnlyFitted(Llava model, FineTuningResult? result) => new(model, null, result)
        {
            IsChanged = true,
            NumSamplesFitted = samples.All.Count,
            Scaling = TemperatureScaling.None(0, "the output layer was fitted at a temperature of its own, by leave-one-out"),
        };

        TrainedModel Ended(Llava model, bool isChanged, FittedProbe? probe, FineTuningResult? result)
        {
            using var fitting = RunTraces.Start(TelemetryNames.Temperature, run);
            var trained = new TrainedModel(model, probe, result) { IsChanged = isChanged };
            return trained with { Scaling = new TemperatureFitting(encoding, scenario, settings, device).Fit(trained, samples,
                cancellationToken) };
        }
    }

    private FineTuner Tuner(Llava model, FittedProbe? probe) =>
        new(model, format, recipe, run.Seed, settings.NumThreads, clock, probe?.Weights,
            scenario.Representation.Rationale is { Order: RationaleOrder.RationaleFirst } rationale
                ? new RationaleWriter(model, encoding, rationale.MaxTokens) : null);
}
