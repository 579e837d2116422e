using TsVlm.Data;
using TsVlm.Data.Readers;

namespace TsVlm.Evaluation.Comparison;

/// <summary>A row of a results.csv, as far as a comparison needs it.</summary>
public sealed record ResultRow
{
    /// <summary>File and line it stands in.</summary>
    public required string Place { get; init; }

    /// <summary>The data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>How it was split: <c>official</c> or <c>80-10-10</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Resample of the split.</summary>
    public required int Resample { get; init; }

    /// <summary>Seed of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Scenario, or <c>baseline:NAME</c>.</summary>
    public required string Scenario { get; init; }

    /// <summary>The model that was fine-tuned; a baseline's own name.</summary>
    public required string Model { get; init; }

    /// <summary>Training cases.</summary>
    public required int NumTrain { get; init; }

    /// <summary>Test cases.</summary>
    public required int NumTest { get; init; }

    /// <summary>Classes.</summary>
    public required int NumClasses { get; init; }

    /// <summary>Share of test cases predicted right, as written: with six decimals.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The share of test cases that was rounded to <see cref="Accuracy"/>, so that equal means of several runs are equal.</summary>
    public double ExactAccuracy => RoundedShare.Exact(Accuracy, NumDecimals, NumTest);

    /// <summary>The other results by the name of their column; NaN where there is none.</summary>
    public required IReadOnlyDictionary<string, double> Others { get; init; }

    /// <summary>Whether this is a baseline.</summary>
    public bool IsBaseline => Scenario.StartsWith(BaselinePrefix, StringComparison.Ordinal);

    /// <summary>What it is called without regard to its model.</summary>
    public string ShortName => IsBaseline ? Scenario[BaselinePrefix.Length..] : Scenario;

    /// <summary>Wall-clock seconds of training and predicting; NaN where they are not known.</summary>
    public double Seconds => Others["train_seconds"] + Others["eval_seconds"];

    private const int NumDecimals = 6;
    private const string BaselinePrefix = "baseline:";
    private static readonly string[] OtherColumns = ["balanced_accuracy", "macro_f1", "auroc", "nll", "train_seconds", "eval_seconds"];

    /// <summary>Reads a results.csv, or that of the folder of a <c>tsvlm run</c>.</summary>
    /// <exception cref="DataException">It is not there, or a row is not as expected; the message names file and line.</exception>
    public static IReadOnlyList<ResultRow> Read(string path)
    {
        if (Directory.Exists(path))
        {
            path = Path.Combine(path, "results.csv");
            if (!File.Exists(path))
                throw new DataException(
                    $"{path}: expected the results of a tsvlm run, found none. Name its --out folder, or the file itself.");
        }
        return [.. CsvTable.Read(path, "dataset", "protocol", "resample", "seed", "scenario", "model", "num_train", "num_test",
            "num_classes", "accuracy").Select(Of)];
    }

    private static ResultRow Of(CsvRow row) => new()
    {
        Place = row.Place,
        Dataset = row.Text("dataset"),
        Protocol = row.Text("protocol"),
        Resample = row.WholeNumber("resample"),
        Seed = row.WholeNumber("seed", int.MinValue),
        Scenario = row.Text("scenario"),
        Model = row.Text("model"),
        NumTrain = row.WholeNumber("num_train", 1),
        NumTest = row.WholeNumber("num_test", 1),
        NumClasses = row.WholeNumber("num_classes", 1),
        Accuracy = row.Share("accuracy"),
        Others = OtherColumns.ToDictionary(column => column, row.OptionalNumber),
    };
}
