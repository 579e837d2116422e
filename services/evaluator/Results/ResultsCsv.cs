using TsVlm.Contracts;

namespace TsVlm.Evaluator;

/// <summary>results.csv: one row a finished run, baselines included.</summary>
public static class ResultsCsv
{
    /// <summary>The columns, in order.</summary>
    public const string Header =
        "dataset,protocol,resample,seed,scenario,model,epochs,num_train,num_test,num_classes,accuracy,balanced_accuracy,macro_f1,auroc,nll,ece,"
        + "train_seconds,eval_seconds,train_samples_per_second,peak_rss_mb";

    /// <summary>Writes the table; an undefined AUROC is an empty field.</summary>
    public static void Write(TextWriter output, IEnumerable<RunResult> results)
    {
        output.Write(Header + "\n");
        foreach (var result in results) output.Write(Row(result) + "\n");
    }

    private static string Row(RunResult result) => CsvText.Line(
        result.Run.Dataset.Name,
        result.Run.Split.Protocol,
        result.Run.Split.Resample,
        result.Run.Seed,
        result.Run.ScenarioName,
        result.Run.FineTuned?.Model.Name ?? result.Run.Baseline!,
        result.Run.FineTuned?.Scenario.Recipe.Epochs ?? 0,
        result.NumTrain,
        result.NumTest,
        result.NumClasses,
        Math.Round(result.Accuracy, 6),
        Math.Round(result.BalancedAccuracy, 6),
        Math.Round(result.MacroF1, 6),
        Math.Round(result.Auroc, 6),
        Math.Round(result.Nll, 6),
        Math.Round(result.Ece, 6),
        Math.Round(result.TrainSeconds, 3),
        Math.Round(result.EvalSeconds, 3),
        Math.Round(result.TrainSamplesPerSecond, 2),
        Math.Round(result.PeakRssMb, 1));
}
