using TsVlm.Artifacts;
using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Metrics;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Comparison;
using TsVlm.Pages.Tests.Report;
using TsVlm.Tests;
using static TsVlm.Evaluation.Tests.Comparison.ComparisonRows;

namespace TsVlm.Pages.Tests.Comparison;

public sealed class ComparisonFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Results_that_a_run_writes_are_read_back()
    {
        var run = ReportSamples.Finished(ReportSamples.Scenario("GunPoint", "both", seed: 3, resample: 2), 0.9).Result!;
        using (var output = new StreamWriter(folder.File("results.csv"))) ResultsCsv.Write(output, [run]);
        var row = Assert.Single(ResultRow.Read(folder.Path));
        Assert.Equal(("GunPoint", "official", 2, 3, "both", "tiny"), (row.Dataset, row.Protocol, row.Resample, row.Seed, row.Scenario,
            row.Model));
        Assert.Equal((run.NumTrain, run.NumTest, run.NumClasses, run.Accuracy), (row.NumTrain, row.NumTest, row.NumClasses, row.Accuracy));
        Assert.Equal(run.TrainSeconds + run.EvalSeconds, row.Seconds, 3);
        Assert.Equal(run.Nll, row.Others["nll"], 6);
    }

    [Theory]
    [InlineData("", "results.csv: expected a line of column names, found an empty file")]
    [InlineData("dataset,method\nA,B", "results.csv(1): expected the columns dataset, protocol")]
    [InlineData(Columns, "results.csv: expected rows below the column names, found none")]
    [InlineData(Columns + "\nA,official,0,0,both,tiny,50,100,2", "results.csv(2): expected 10 fields, as there are column names, found 9")]
    [InlineData(Columns + "\nA,official,0,0,both,tiny,50,100,2,1.2",
        "results.csv(2): expected a share from 0 to 1, such as 0.953 in column accuracy, found '1.2'")]
    [InlineData(Columns + "\nA,official,0,0,both,tiny,50,100,2,0.9\n,official,0,0,both,tiny,50,100,2,0.9",
        "results.csv(3): expected a value in column dataset, found nothing")]
    [InlineData(Columns + "\nA,official,0,0,both,tiny,50,0,2,0.9",
        "results.csv(2): expected a whole number from 1 in column num_test, found '0'")]
    public void A_bad_file_of_results_gets_one_error_with_its_place(string text, string expected)
    {
        File.WriteAllText(folder.File("results.csv"), text);
        Assert.Contains(expected, Assert.Throws<DataException>(() => ResultRow.Read(folder.File("results.csv"))).Message);
    }

    [Fact]
    public void A_folder_without_results_is_named() =>
        Assert.Contains("expected the results of a tsvlm run, found none",
            Assert.Throws<DataException>(() => ResultRow.Read(folder.Path)).Message);

    [Fact]
    public void Published_results_are_read_with_their_decimals_and_source()
    {
        File.WriteAllText(folder.File("published.csv"),
            "dataset,method,accuracy,source\nGunPoint,ROCKET,0.9867,\"paper, table 2\"\nCoffee,ROCKET,1,\n");
        Assert.Equal([new("GunPoint", "ROCKET", 0.9867, 4, "paper, table 2"), new("Coffee", "ROCKET", 1, 0, "")],
            PublishedAccuracy.Read(folder.File("published.csv")));
    }

    [Theory]
    [InlineData("dataset,method,error\nA,B,0.1", "published.csv(1): expected the columns dataset, method, accuracy, found no accuracy")]
    [InlineData("dataset,method,accuracy\nA,B,98.7", "published.csv(2): expected a share from 0 to 1")]
    [InlineData("dataset,method,accuracy\nA,B,0.1\nA,B,0.2", "published.csv(3): expected one result of B on A, found another in")]
    [InlineData("dataset,method,accuracy\nA,\"B,0.1", "closing quote")]
    public void A_bad_file_of_published_results_gets_one_error_with_its_place(string text, string expected)
    {
        File.WriteAllText(folder.File("published.csv"), text);
        Assert.Contains(expected, Assert.Throws<DataException>(() => PublishedAccuracy.Read(folder.File("published.csv"))).Message);
    }

    [Fact]
    public void The_tables_hold_the_comparisons_results()
    {
        Write([Row("A", "both", 0.9), Row("A", "baseline:1nn", 0.8), Row("B", "both", 0.7), Row("B", "baseline:1nn", 0.7),
            Row("C", "both", 1)]);
        Assert.Equal(["classifier,kind,num_datasets,mean_rank,mean_accuracy,best_on,mean_seconds", "both,scenario,2,1.25,0.8,2,1.5",
            "1nn,baseline,2,1.75,0.75,1,1.5"],
            File.ReadAllLines(folder.File("ranks.csv")));
        Assert.Equal("both,1nn,2,1,1,0,0.05,1,yes,1,no", File.ReadAllLines(folder.File("pairwise.csv"))[1]);
        Assert.Single(File.ReadAllLines(folder.File("friedman.csv")));
        Assert.EndsWith(",no", File.ReadAllLines(folder.File("scores.csv"))[^1]);
    }

    [Fact]
    public void The_archives_tables_have_one_row_a_data_set_and_one_column_a_classifier()
    {
        Write([Row("A", "both", 0.9), Row("A", "both", 0.7, 1), Row("A", "baseline:1nn", 0.8), Row("A", "baseline:1nn", 0.8, 1)]);
        Assert.Equal(["Estimators:,both,1nn", "A,0.8,0.8"], File.ReadAllLines(folder.File("tsml-eval/accuracy_mean.csv")));
        Assert.Equal(["Resamples:,0,1", "A,0.9,0.7"], File.ReadAllLines(folder.File("tsml-eval/all_resamples/both_accuracy.csv")));
        Assert.Equal(["Estimators:,both,1nn", "A,,"], File.ReadAllLines(folder.File("tsml-eval/auroc-macro_mean.csv")));   // not defined
    }

    [Fact]
    public void Files_of_an_earlier_comparison_in_the_same_folder_do_not_stay()
    {
        Write([Row("A", "before", 0.9), Row("B", "before", 0.9)]);
        Assert.True(File.Exists(folder.File("tsml-eval/all_resamples/before_accuracy.csv")));
        Write([Row("A", "after", 0.9), Row("B", "after", 0.9)]);
        Assert.Equal(["after_accuracy.csv"], Directory.GetFiles(folder.File("tsml-eval/all_resamples")).Select(Path.GetFileName));
    }

    [Fact]
    public void Classifiers_whose_names_make_the_same_file_name_keep_files_of_their_own()
    {
        var table = Table([Row("A", "a b", 0.9), Row("A", "a-b", 0.8), Row("A", "baseline:A.B", 0.7), Row("A", "baseline:a-B", 0.7)]);
        Assert.Equal(["a-b", "a-b-2", "A.B", "a-B-3"], ArchiveTables.FileNames(table).Values);
    }

    [Fact]
    public void Predictions_are_written_as_tsml_eval_reads_them()
    {
        var run = ReportSamples.Scenario("Gun", "both", seed: 0);
        var runFolder = Directory.CreateDirectory(folder.File($"run/runs/{run.Id}")).FullName;
        Json.Write(Path.Combine(runFolder, RunCard.FileName), RunCard.Of(run));
        using (var output = new StreamWriter(Path.Combine(runFolder, "predictions.csv")))
            PredictionsCsv.Write(output, ["b", "a,1"], [CasePrediction.Of(7, 0, [0.75, 0.25]), CasePrediction.Of(8, 0, [0.4, 0.6])]);
        var row = Row("Gun", "both", 0.5, seed: 0, numTest: 2);

        Assert.Equal(1, PredictionExport.Write(Table([row]), [folder.File("run")], folder.File("tsml-eval")));
        Assert.Equal(
            ["Gun,both,TEST,0,MILLISECONDS,classes,b,\"a,1\"", "seed,0,protocol,official,scenario,both,model,tiny",
            "0.5,1000,500,-1,-1,2,,-1,-1", "0,0,,0.75,0.25", "0,1,,0.4,0.6"],
            File.ReadAllLines(folder.File("tsml-eval/both/Predictions/Gun/testResample0.csv")));
        // Predictions of another accuracy are those of an earlier experiment.
        Assert.Equal(0, PredictionExport.Write(Table([Row("Gun", "both", 1, seed: 0, numTest: 2)]), [folder.File("run")],
            folder.File("other")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Predictions_of_classes_that_begin_like_formulas_are_read_back_escaped_and_raw(bool isRaw)
    {
        var run = ReportSamples.Scenario("Gun", "both", seed: 0);
        var predictions = Path.Combine(Directory.CreateDirectory(folder.File($"run/runs/{run.Id}")).FullName, "predictions.csv");
        Json.Write(Path.Combine(Path.GetDirectoryName(predictions)!, RunCard.FileName), RunCard.Of(run));
        CsvText.Write(predictions, isRaw, output => PredictionsCsv.Write(output, ["=a", "'=a", "-1"],
            [CasePrediction.Of(7, 0, [0.75, 0.25, 0]), CasePrediction.Of(8, 0, [0.4, 0.6, 0]), CasePrediction.Of(9, 2, [0, 0, 1])]));
        var row = Row("Gun", "both", 2 / 3.0, seed: 0, numTest: 3);

        Assert.Equal(1, PredictionExport.Write(Table([row]), [folder.File("run")], folder.File("tsml-eval"), isRaw));
        var lines = File.ReadAllLines(folder.File("tsml-eval/both/Predictions/Gun/testResample0.csv"));
        Assert.Equal(isRaw ? "Gun,both,TEST,0,MILLISECONDS,classes,=a,'=a,-1"
            : "\"Gun\",\"both\",\"TEST\",\"0\",\"MILLISECONDS\",\"classes\",\"'=a\",\"''=a\",\"-1\"", lines[0]);
        Assert.Equal(["0,0,,0.75,0.25,0", "0,1,,0.4,0.6,0", "2,2,,0,0,1"], lines[3..]);
    }

    [Fact]
    public void Tables_of_names_that_begin_like_formulas_are_escaped_and_with_the_switch_raw()
    {
        ResultRow[] rows = [Row("=A", "@both", 0.9), Row("=A", "baseline:1nn", 0.8)];
        Write(rows);
        Assert.StartsWith("\"'@both\",\"scenario\",\"1\",", File.ReadAllLines(folder.File("ranks.csv"))[1]);
        Assert.Equal(["\"Estimators:\",\"'@both\",\"1nn\"", "\"'=A\",\"0.9\",\"0.8\""], File.ReadAllLines(folder.File("tsml-eval/accuracy_mean.csv")));
        Write(rows, isRaw: true);
        Assert.StartsWith("@both,scenario,1,", File.ReadAllLines(folder.File("ranks.csv"))[1]);
        Assert.Equal(["Estimators:,@both,1nn", "=A,0.9,0.8"], File.ReadAllLines(folder.File("tsml-eval/accuracy_mean.csv")));
        Assert.Equal(["Resamples:,0", "=A,0.9"], File.ReadAllLines(folder.File("tsml-eval/all_resamples/-both_accuracy.csv")));
    }

    public void Dispose() => folder.Dispose();

    private const string Columns = "dataset,protocol,resample,seed,scenario,model,num_train,num_test,num_classes,accuracy";

    private void Write(ResultRow[] rows, bool isRaw = false) => ComparisonOutput.Write(
        RankComparison.Of(Table(rows)), PairedTests.None, new("Comparison", new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero), "tsvlm compare", "1"),
        folder.Path, isRaw);
}
