using TsVlm.Contracts;

namespace TsVlm.Evaluation.Results;

/// <summary>results.csv: one row a finished run, baselines included.</summary>
public static class ResultsCsv
{
    /// <summary>The columns, in order.</summary>
    public const string Header = RunColumns + ",epochs,num_train,num_test,num_classes,accuracy,balanced_accuracy,macro_f1,auroc,nll,ece,"
        + "train_seconds,eval_seconds,train_samples_per_second,peak_rss_mb";

    /// <summary>The columns that name a run, in every table over runs.</summary>
    internal const string RunColumns = "dataset,protocol,resample,seed,scenario,model";

    /// <summary>Writes the table; an undefined AUROC is an empty field.</summary>
    public static void Write(TextWriter output, IEnumerable<RunResult> results)
    {
        output.Write(Header + "\n");
        foreach (var result in results) output.Write(Row(result) + "\n");
    }

    /// <summary>A run's fields in <see cref="RunColumns"/>.</summary>
    internal static object[] RunFields(RunSpec run) =>
        [run.Dataset.Name, run.Split.Protocol, run.Split.Resample, run.Seed, run.ScenarioName, run.FineTuned?.Model.Name ?? run.Baseline!];

    private static string Row(RunResult result) => CsvText.Line(
    [
        .. RunFields(result.Run),
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
        Math.Round(result.PeakRssMb, 1),
    ]);
}
