using System.Diagnostics;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Representations.Text;
using TsVlm.Telemetry;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Planning;
using TsVlm.VisionLanguage.Prediction;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Trainer;

/// <summary>
/// Fine-tunes the model of a run on its samples and stores the trained model with everything needed to use it. Snapshots go to the store
/// meanwhile; an attempt goes on from the newest one and ends with the same bits as if nothing had happened.
/// </summary>
public sealed class FineTuning(IArtifactStore artifacts, ModelCatalog models, TrainerSettings settings, TimeProvider clock,
    ILogger<FineTuning> log)
{
    /// <summary>Trains, unless the trained model is in the store.</summary>
    /// <exception cref="FineTuningException">A sample the model cannot learn from, or a loss that is not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request, after a snapshot.</exception>
    public async Task<ModelTrained> Run(TrainModel command, Action<StageProgressed> progress, CancellationToken cancellationToken)
    {
        var key = ArtifactKeys.Checkpoint(command.Run);
        if (await artifacts.Find(key, cancellationToken) is null)
        {
            var samples = await artifacts.Fetch(ArtifactKeys.Samples(command.Run), cancellationToken);
            var snapshot = await artifacts.FetchNewestSnapshot(
                key, damage => log.LogWarning("Run {RunId}: {Damage}", command.RunId, damage), cancellationToken);
            if (snapshot is not null) log.LogInformation("Run {RunId}: training goes on from {Snapshot}", command.RunId, snapshot);
            var folder = artifacts.CreateWorkFolder();
            Train(command, samples, snapshot, folder, progress, cancellationToken);
            TorchRuntime.ReturnFreedMemory();
            await artifacts.Publish(key, folder, cancellationToken);
        }
        return new(command.RunId, key);
    }

    private void Train(
        TrainModel command, string samples, string? snapshot, string folder, Action<StageProgressed> progress,
        CancellationToken cancellationToken)
    {
        using var meter = new StageMeter(clock);
        var run = command.Run;
        var (scenario, reference) = run.FineTuned!;
        var recipe = scenario.Recipe;
        var device = ComputeDevice.Open(settings.Device);
        var start = models.Open(reference);
        var encoding = new SampleEncoding(start, RationaleFormat.Of(scenario.Representation));
        var split = TrainingSamples.Read(samples, recipe.ReadOut, start, encoding);

        var plan = TrainingPlan.Of(LlavaConfig.Read(start.Path), recipe, TrainingSize.Of(split.Train, split.Validation.Count));
        if (plan.Refusal(device.Name, DeviceMemory.Available(device)) is { } refusal) throw new FineTuningException(refusal);
        var latest = new StageProgressed(command.RunId, Stage.Training) { Done = 0, Total = 0 };
        var callbacks = new FineTuningCallbacks
        {
            Progress = step => progress(latest = Progressed(command.RunId, step, recipe) with { Saved = latest.Saved }),
            Epoch = epoch => TrainingTraces.Write(epoch, run, split.Validation.Count),
            Snapshot = state =>
            {
                Save(state, ArtifactKeys.Checkpoint(run));
                latest = latest with { Saved = state.Position };
                progress(latest);
            },
            TimeBetweenSnapshots = settings.TimeBetweenSnapshots,
        };
        using var trained = new ModelTraining(Load, encoding, run, settings, device, clock).Run(split, callbacks,
            (done, total) => progress(new(command.RunId, Stage.Training) { Done = done, Total = total }), snapshot, cancellationToken);

        CheckpointFolder.Write(folder, trained.IsChanged ? trained.Model : null, start, run, trained.Probe?.Weights);
        Json.Write(Path.Combine(folder, ArtifactFiles.Calibration), trained.Scaling);
        if (trained.Probe is { Facts: var fit }) Json.Write(Path.Combine(folder, ArtifactFiles.ProbeFacts), fit);
        File.Copy(Path.Combine(samples, ArtifactFiles.Fitted), Path.Combine(folder, ArtifactFiles.Fitted));
        var result = trained.FineTuning;
        TrainingLog.Write(Path.Combine(folder, ArtifactFiles.TrainingLog), result);
        var facts = meter.Facts(trained.NumSamplesSeen, settings.NumThreads, device.Name);
        (facts with { Seconds = facts.Seconds + (result?.SecondsBefore ?? 0) }).Write(folder);
        if (result is not null) TrainingTraces.Finish(Activity.Current, result);

        Llava Load()
        {
            using var loading = RunTraces.Start(TelemetryNames.ModelLoad, run);
            var model = ModelStart.Create(start, ModelOptions.ForTraining(recipe, run.Seed, device));
            TorchRuntime.UseThreads(settings.NumThreads);
            return model;
        }
    }

    private void Save(TrainingState state, ArtifactKey key)
    {
        var folder = artifacts.CreateWorkFolder();
        state.Save(folder);
        // The training stands still meanwhile, and the last snapshot is taken when a stop was already asked for.
        artifacts.PublishSnapshot(key, state.Position, folder, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static StageProgressed Progressed(string runId, FineTuningProgress at, Recipe recipe) => new(runId, Stage.Training)
    {
        Done = at.StepsDone,
        Total = at.NumSteps,
        SamplesPerSecond = at.SamplesPerSecond,
        Epoch = at.Step.Epoch + (at.IsRefit ? recipe.Epochs : 0),
        Loss = at.Step.Loss,
    };
}
