using System.Diagnostics;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Data.Splits;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Samples;
using TsVlm.Telemetry;

namespace TsVlm.Datagen;

/// <summary>
/// Makes the samples of a run: splits the data, fits the representation on the training split alone, builds every sample.
/// </summary>
public sealed class SampleGeneration(IArtifactStore artifacts, ModelCatalog models, TimeProvider clock)
{
    /// <summary>Makes the samples, unless they are in the store.</summary>
    /// <exception cref="DataException">The data or the split cannot be used.</exception>
    /// <exception cref="RepresentationException">
    /// A training sample does not fit the context, or classes have no distinct answers.
    /// </exception>
    public async Task<SamplesGenerated> Run(GenerateSamples command, Action<StageProgressed> progress, CancellationToken cancellationToken)
    {
        var key = ArtifactKeys.Samples(command.Run);
        if (await artifacts.Find(key, cancellationToken) is null)
        {
            var dataset = await Open(command.Run.Dataset, cancellationToken);
            var folder = artifacts.CreateWorkFolder();
            var rationales = await OpenRationales(command.Run, cancellationToken);
            Generate(command, dataset, rationales, folder, progress, cancellationToken);
            await artifacts.Publish(key, folder, cancellationToken);
        }
        return new(command.RunId, key);
    }

    private async Task<Dataset> Open(DatasetReference reference, CancellationToken cancellationToken)
    {
        var folder = await artifacts.Fetch(ArtifactKeys.Dataset(reference), cancellationToken);
        await using var file = File.OpenRead(Path.Combine(folder, ArtifactFiles.Dataset));
        return DatasetFile.Read(file);
    }

    private async Task<RationaleFile?> OpenRationales(RunSpec run, CancellationToken cancellationToken)
    {
        if (ArtifactKeys.Rationales(run) is not { } key) return null;
        if (await artifacts.Find(key, cancellationToken) is null)
            throw new RepresentationException(
                $"Rationales {key.Hash}: expected the file in the artifact store, found none. Give it again with --rationales.");
        return RationaleFile.Read(Path.Combine(await artifacts.Fetch(key, cancellationToken), ArtifactFiles.Rationales));
    }

    private void Generate(
        GenerateSamples command, Dataset dataset, RationaleFile? rationales, string folder, Action<StageProgressed> progress,
        CancellationToken cancellationToken)
    {
        using var meter = new StageMeter(clock);
        var run = command.Run;
        var scenario = run.FineTuned!.Scenario.Canonical();
        var model = models.Open(run.FineTuned.Model);
        var split = Splitter.Split(dataset, run.Split.Protocol, run.Split.Resample);
        var making = new SampleMaking(dataset, split, scenario.Representation, model.Inputs, run.Split.Resample, rationales);
        var (fitted, done, numShortened) = (making.Fitted, 0L, 0);
        using (RunTraces.Start(TelemetryNames.Representation, run))
        {
            foreach (var (name, samples) in making.Splits) SampleShards.Write(folder, name, samples.Select(Counted));
        }
        Json.Write(Path.Combine(folder, ArtifactFiles.Fitted), fitted);
        Json.Write(Path.Combine(folder, ArtifactFiles.Split), split);
        Json.Write(Path.Combine(folder, ArtifactFiles.SamplesReport), new SamplesReport
        {
            NumTrain = split.Train.Count,
            NumValidation = split.Validation.Count,
            NumTest = split.Test.Count,
            DownsamplingFactor = fitted.DownsamplingFactor,
            LongestSequence = fitted.LongestSequence,
            ContextLength = model.Inputs.ContextLength(scenario.Representation),
            NumShortenedFurther = numShortened,
            Warnings = [.. dataset.Warnings, .. split.Warnings, .. fitted.Warnings, .. making.Warnings],
        });
        var facts = meter.Facts(done, numThreads: 1);
        facts.Write(folder);
        Activity.Current?.SetTag(TelemetryNames.NumSamples, done).SetTag(TelemetryNames.SamplesPerSecond, facts.SamplesPerSecond);

        Sample Counted(Sample sample)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (sample.Input.DownsamplingFactor > fitted.DownsamplingFactor) numShortened++;
            progress(new(command.RunId, Stage.Datagen) { Done = ++done, Total = making.NumSamples,
                SamplesPerSecond = done / Math.Max(meter.Elapsed.TotalSeconds, 1e-3) });
            return sample;
        }
    }
}
