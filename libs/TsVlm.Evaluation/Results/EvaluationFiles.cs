using TsVlm.Artifacts;
using TsVlm.Contracts;
using TsVlm.Evaluation.Metrics;
using TsVlm.Telemetry;

namespace TsVlm.Evaluation.Results;

/// <summary>What a run cost.</summary>
/// <param name="TrainSeconds">Wall-clock seconds of training.</param>
/// <param name="EvalSeconds">Wall-clock seconds of predicting the test split.</param>
/// <param name="TrainSamplesPerSecond">Training samples seen a second; 0 where nothing is trained.</param>
/// <param name="PeakRssMb">Highest resident memory over the run's stages, in MB.</param>
public sealed record RunCost(double TrainSeconds, double EvalSeconds, double TrainSamplesPerSecond, double PeakRssMb);

/// <summary>Metrics that only some runs have.</summary>
public sealed record AdditionalMetrics
{
    /// <summary>What the temperature of the probabilities did; null for baselines.</summary>
    public TemperatureMetrics? Temperature { get; init; }

    /// <summary>What the model answered for itself; null where no answer is read.</summary>
    public GeneratedAnswerMetrics? GeneratedAnswers { get; init; }

    /// <summary>Whether answers follow the rationales before them; null where none are written first.</summary>
    public RationaleSwap? RationaleSwap { get; init; }

    /// <summary>Whether the classes are sets of labels.</summary>
    public bool HasLabelSets { get; init; }

    /// <summary>What a user should know before relying on the predictions, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>The files of an evaluation: predictions, metrics, the row of results.csv and the run.</summary>
public static class EvaluationFiles
{
    /// <summary>Writes predictions, metrics and costs of a run into a folder; returns the run's row of the results.</summary>
    public static void Write(
        string folder, RunSpec run, int numTrain, IReadOnlyList<string> classes, IReadOnlyList<CasePrediction> predictions, RunCost cost,
        StageFacts facts,
        AdditionalMetrics more)
    {
        using var span = RunTraces.Start(TelemetryNames.Metrics, run);
        var metrics = ClassificationMetrics.Compute(new PredictedCases(
            [.. predictions.Select(p => p.Label)], [.. predictions.Select(p => p.Predicted)],
            [.. predictions.Select(p => p.Probabilities.ToArray())]));
        var sets = more.HasLabelSets ? new LabelledSets(classes, predictions) : null;
        span?.SetTag(TelemetryNames.NumSamples, predictions.Count).SetTag(TelemetryNames.Accuracy, metrics.Accuracy);
        Json.Write(Path.Combine(folder, ArtifactFiles.Metrics), TestMetrics.Of(classes, metrics) with
        {
            Temperature = more.Temperature,
            GeneratedAnswers = more.GeneratedAnswers,
            LabelSets = sets is null ? null : LabelSetMetrics.Of(sets, metrics.Accuracy),
            RationaleSwap = more.RationaleSwap,
            Warnings = more.Warnings.Count == 0 ? null : more.Warnings,
        });
        Json.Write(Path.Combine(folder, ArtifactFiles.Run), run);
        Json.Write(Path.Combine(folder, ArtifactFiles.Result), new RunResult
        {
            Run = run,
            NumTrain = numTrain,
            NumTest = predictions.Count,
            NumClasses = classes.Count,
            Accuracy = metrics.Accuracy,
            BalancedAccuracy = metrics.BalancedAccuracy,
            MacroF1 = metrics.MacroF1,
            Auroc = metrics.Auroc,
            Nll = metrics.Nll,
            Ece = metrics.Ece,
            TrainSeconds = cost.TrainSeconds,
            EvalSeconds = cost.EvalSeconds,
            TrainSamplesPerSecond = cost.TrainSamplesPerSecond,
            PeakRssMb = cost.PeakRssMb,
        });
        using (var output = new StreamWriter(Path.Combine(folder, ArtifactFiles.Predictions)))
            PredictionsCsv.Write(output, classes, predictions);
        if (sets is not null)
        {
            using var output = new StreamWriter(Path.Combine(folder, ArtifactFiles.Labels));
            LabelsCsv.Write(output, sets);
        }
        facts.Write(folder);
    }
}
