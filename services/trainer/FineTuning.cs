using TsVlm.Contracts;
using TsVlm.Representations;
using TsVlm.ServiceDefaults;
using TsVlm.VisionLanguage;

namespace TsVlm.Trainer;

/// <summary>Fine-tunes the model of a run on its samples and stores the trained model with everything needed to use it.</summary>
public sealed class FineTuning(IArtifactStore artifacts, TrainerSettings settings, TimeProvider clock)
{
    /// <summary>Trains, unless the trained model is in the store.</summary>
    /// <exception cref="FineTuningException">A sample the model cannot learn from, or a loss that is not finite.</exception>
    public async Task<ModelTrained> Run(TrainModel command, Action<StageProgressed> progress, CancellationToken cancellationToken)
    {
        var key = ArtifactKeys.Checkpoint(command.Run);
        if (await artifacts.Find(key, cancellationToken) is null)
        {
            var samples = await artifacts.Fetch(ArtifactKeys.Samples(command.Run), cancellationToken);
            var folder = artifacts.CreateWorkFolder();
            Train(command, samples, folder, progress, cancellationToken);
            await artifacts.Publish(key, folder, cancellationToken);
        }
        return new(command.RunId, key);
    }

    private void Train(TrainModel command, string samples, string folder, Action<StageProgressed> progress, CancellationToken cancellationToken)
    {
        var meter = new StageMeter(clock);
        var run = command.Run;
        var (scenario, reference) = run.FineTuned!;
        var recipe = scenario.Recipe;
        var start = ModelFolder.Open(reference.Location);
        var encoding = new SampleEncoding(start);
        EncodedSample[] train = [.. SampleShards.Read(samples, SplitNames.Train).Select(encoding.Encode)];
        EncodedSample[] validation = [.. SampleShards.Read(samples, SplitNames.Validation).Select(encoding.Encode)];

        using var model = ModelStart.Create(start, ModelOptions.ForTraining(recipe, run.Seed));
        var tuner = new FineTuner(model, encoding.Format, recipe, run.Seed, settings.NumThreads, clock);
        var callbacks = new FineTuningCallbacks { Progress = step => progress(Progressed(command.RunId, step)) };
        var result = tuner.Run(train, validation, callbacks, continueFrom: null, cancellationToken);

        CheckpointFolder.Write(folder, model, start, run);
        File.Copy(Path.Combine(samples, ArtifactFiles.Fitted), Path.Combine(folder, ArtifactFiles.Fitted));
        TrainingLog.Write(Path.Combine(folder, ArtifactFiles.TrainingLog), result.Steps);
        meter.Facts(result.NumSamplesSeen, settings.NumThreads).Write(folder);
    }

    private static StageProgressed Progressed(string runId, FineTuningProgress at) => new(runId, Stage.Training)
    {
        Done = at.Step.Step + 1,
        Total = at.NumSteps,
        SamplesPerSecond = at.SamplesPerSecond,
        Epoch = at.Step.Epoch,
        Loss = at.Step.Loss,
    };
}
