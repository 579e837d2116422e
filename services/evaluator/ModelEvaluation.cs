using System.Diagnostics;
using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Data.Splits;
using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;
using TsVlm.Models;
using TsVlm.Representations.Samples;
using TsVlm.Telemetry;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;

namespace TsVlm.Evaluator;

/// <summary>Predicts the test split of a run and computes its metrics; a baseline is evaluated on the very same split.</summary>
public sealed class ModelEvaluation(IArtifactStore artifacts, ModelCatalog models, EvaluatorSettings settings, TimeProvider clock,
    ILogger<ModelEvaluation> log)
{
    /// <summary>Evaluates, unless the metrics are in the store.</summary>
    public async Task<ModelEvaluated> Run(EvaluateModel command, Action<StageProgressed> progress, CancellationToken cancellationToken)
    {
        var key = ArtifactKeys.Evaluation(command.Run);
        if (await artifacts.Find(key, cancellationToken) is null)
        {
            var folder = artifacts.CreateWorkFolder();
            if (command.Run.Baseline is null) await EvaluateModel(command, folder, progress, cancellationToken);
            else await EvaluateBaseline(command, folder, progress, cancellationToken);
            TorchRuntime.ReturnFreedMemory();
            await artifacts.Publish(key, folder, cancellationToken);
            log.LogInformation("Run {RunId}: evaluated into {Evaluation}", command.RunId, key.Path);
        }
        return new(command.RunId, key);
    }

    private async Task EvaluateModel(EvaluateModel command, string folder, Action<StageProgressed> progress,
        CancellationToken cancellationToken)
    {
        using var meter = new StageMeter(clock);
        var run = command.Run;
        var samples = await artifacts.Fetch(ArtifactKeys.Samples(run), cancellationToken);
        var checkpoint = await artifacts.Fetch(ArtifactKeys.Checkpoint(run), cancellationToken);
        var report = Json.Read<SamplesReport>(Path.Combine(samples, ArtifactFiles.SamplesReport));
        var loading = RunTraces.Start(TelemetryNames.ModelLoad, run);
        using var classifier = Classifier.Open(checkpoint, ComputeDevice.Open(settings.Device), settings.NumThreads, models);
        loading?.Stop();

        var (cases, notes) = (new List<(int Number, string Answer)>(), new ScoringNotes());
        using var span = RunTraces.Start(TelemetryNames.Prediction, run);
        span?.SetTag(TelemetryNames.GenAiModel, run.FineTuned!.Model.Name).SetTag(TelemetryNames.GenAiOperation,
            run.FineTuned.Scenario.Recipe.ReadOut is ReadOut.Answer ? "text_completion" : "embeddings");
        var started = clock.GetTimestamp();
        var words = new GeneratedAnswers(classifier, report.NumTest, run.Seed);
        var inputs = SampleShards.Read(samples, SplitNames.Test).Select(sample =>
        {
            words.Offer(cases.Count, sample);
            cases.Add((sample.Case, sample.Answer));
            return sample.Input;
        });
        var scores = classifier.Score(inputs, done => progress(new(command.RunId, Stage.Evaluation)
        {
            Done = done,
            Total = report.NumTest,
            SamplesPerSecond = done / Math.Max(clock.GetElapsedTime(started).TotalSeconds, 1e-3),
        }), cancellationToken, notes);
        var evalSeconds = clock.GetElapsedTime(started).TotalSeconds;
        Finish(span, scores.Count, evalSeconds);
        var generatedAnswers = words.Metrics(notes.GreedyAnswers, cancellationToken);
        var predictions = cases.Select((c, i) =>
            CasePrediction.Of(c.Number, classifier.ClassOf(c.Answer), classifier.Probabilities(scores[i]))).ToList();

        var making = StageFacts.Read(samples);
        var training = StageFacts.Read(checkpoint);
        var facts = meter.Facts(predictions.Count, settings.NumThreads, classifier.Device);
        var peak = Math.Max(Math.Max(making.PeakRssMb, training.PeakRssMb), facts.PeakRssMb);
        var cost = new RunCost(training.Seconds, evalSeconds, training.SamplesPerSecond, peak);
        var more = new AdditionalMetrics
        {
            Temperature = TemperatureMetrics.Of(classifier.Checkpoint.Scaling, predictions, scores),
            HasLabelSets = classifier.Checkpoint.Fitted.HasLabelSets,
            GeneratedAnswers = generatedAnswers,
            RationaleSwap = Swap(classifier, samples, predictions, notes.Rationales, run.Seed, cancellationToken),
        };
        EvaluationFiles.Write(folder, run, report.NumTrain + report.NumValidation, classifier.Classes, predictions, cost, facts, more);
        if (classifier.ExplainsFirst)
        {
            using var output = new StreamWriter(Path.Combine(folder, ArtifactFiles.Rationales));
            PredictionsCsv.WriteRationales(output, classifier.Classes, predictions, notes.Rationales);
        }
        var examples = TestExamples.Choose(classifier.Classes, predictions, SampleShards.Read(samples, SplitNames.Test));
        Json.Write(Path.Combine(folder, ArtifactFiles.Examples), examples);
    }

    private async Task EvaluateBaseline(EvaluateModel command, string folder, Action<StageProgressed> progress,
        CancellationToken cancellationToken)
    {
        using var meter = new StageMeter(clock);
        var run = command.Run;
        var dataset = await Open(run.Dataset, cancellationToken);
        var split = Splitter.Split(dataset, run.Split.Protocol, run.Split.Resample);
        // Baselines choose nothing on validation cases, so they learn from the whole training part, as published metrics do.
        int[] training = [.. split.Train.Concat(split.Validation).Order()];
        using var span = RunTraces.Start(TelemetryNames.Prediction, run);
        var started = clock.GetTimestamp();
        var (predictions, warnings) = BaselinePredictions.Of(run.Baseline!, dataset, training, split.Test, run.Seed, settings.NumThreads,
            done => progress(new(command.RunId, Stage.Evaluation) { Done = done, Total = split.Test.Count }), cancellationToken);
        var evalSeconds = clock.GetElapsedTime(started).TotalSeconds;
        Finish(span, predictions.Count, evalSeconds);
        var facts = meter.Facts(predictions.Count, settings.NumThreads);
        var cost = new RunCost(TrainSeconds: 0, evalSeconds, TrainSamplesPerSecond: 0, facts.PeakRssMb);
        foreach (var warning in warnings) log.LogWarning("Run {RunId}: {Warning}", command.RunId, warning);
        EvaluationFiles.Write(folder, run, training.Length, dataset.Classes, predictions, cost, facts,
            new() { HasLabelSets = dataset.HasLabelSets, Warnings = warnings });
    }

    /// <summary>
    /// Answers once more behind the rationales of other cases, where the model writes them first; the time of it is no part of predicting.
    /// </summary>
    private static RationaleSwap? Swap(
        Classifier classifier, string samples, IReadOnlyList<CasePrediction> predictions, List<string> rationales, int seed,
        CancellationToken cancellationToken)
    {
        if (!classifier.ExplainsFirst) return null;
        int[] predicted = [.. predictions.Select(p => p.Predicted)];
        var donors = RationaleSwap.Donors(predicted, rationales, seed);
        var explained = SampleShards.Read(samples, SplitNames.Test).Zip(donors).Where(p => p.Second is not null)
            .Select(p => (p.First.Input, rationales[p.Second!.Value]));
        return RationaleSwap.Of(predicted,
            donors, [.. classifier.ScoreGiven(explained, cancellationToken).Select(scores => CasePrediction.Argmax(scores))]);
    }

    private static void Finish(Activity? prediction, int numSamples, double seconds)
    {
        prediction?.SetTag(TelemetryNames.NumSamples, numSamples)
            .SetTag(TelemetryNames.SamplesPerSecond, numSamples / Math.Max(seconds, 1e-3));
        prediction?.Stop();
    }

    private async Task<Dataset> Open(DatasetReference reference, CancellationToken cancellationToken)
    {
        var folder = await artifacts.Fetch(ArtifactKeys.Dataset(reference), cancellationToken);
        await using var file = File.OpenRead(Path.Combine(folder, ArtifactFiles.Dataset));
        return DatasetFile.Read(file);
    }
}
