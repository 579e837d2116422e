using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Results;
using TsVlm.Tests;

namespace TsVlm.Evaluation.Tests.Results;

public sealed class SharedTablesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_loop_over_data_sets_into_one_folder_keeps_the_rows_of_all()
    {
        Assert.Equal(new MergedRows(0, 0), Add("first", Row("CBF", 0.5)));
        Assert.Equal(new MergedRows(1, 0), Add("second", Row("GunPoint", 0.75)));
        Assert.Equal(new MergedRows(2, 0), Add("third", Row("Coffee, \"roasted\"", 1)));
        Assert.Equal(["CBF", "GunPoint", "Coffee, \"roasted\""], ResultRow.Read(folder.Path).Select(row => row.Dataset));
    }

    [Fact]
    public void The_same_experiment_again_changes_nothing()
    {
        Add("first", Row("CBF", 0.5), Row("GunPoint", 0.75));
        var before = File.ReadAllText(folder.File("results.csv"));
        Assert.Equal(File.ReadAllText(folder.File("first/results.csv")), before);
        Assert.Equal(new MergedRows(0, 0), Add("first", Row("CBF", 0.5), Row("GunPoint", 0.75)));
        Assert.Equal(before, File.ReadAllText(folder.File("results.csv")));
    }

    [Fact]
    public void A_run_of_the_same_names_replaces_the_earlier_one_which_its_own_folder_keeps()
    {
        Add("first", Row("CBF", 0.5), Row("GunPoint", 0.75));
        Assert.Equal(new MergedRows(1, 1), Add("second", Row("CBF", 0.9)));
        Assert.Equal([("GunPoint", 0.75), ("CBF", 0.9)], ResultRow.Read(folder.Path).Select(row => (row.Dataset, row.Accuracy)));
        Assert.Equal(0.5, ResultRow.Read(folder.File("first"))[0].Accuracy);
    }

    [Fact]
    public void Rows_that_are_escaped_and_raw_ones_of_the_same_run_are_one()
    {
        Add("first", Row("=a", 0.5), Row("'=a", 0.25), Row("-1", 0.125));
        Assert.Contains("\n\"'=a\",\"official\",\"0\",", File.ReadAllText(folder.File("results.csv")));
        Assert.Contains("\n-1,official,0,", File.ReadAllText(folder.File("results.csv")));
        RawCsv.Convert(folder.File("results.csv"));   // as an earlier version wrote it
        Assert.Contains("\n=a,official,0,", File.ReadAllText(folder.File("results.csv")));

        Assert.Equal(new MergedRows(2, 0), Add("second", Row("=a", 0.5)));
        Assert.Equal([("'=a", 0.25), ("-1", 0.125), ("=a", 0.5)], ResultRow.Read(folder.Path).Select(row => (row.Dataset, row.Accuracy)));
        Assert.Contains("\n\"'=a\",", File.ReadAllText(folder.File("results.csv")));
    }

    [Fact]
    public void Raw_tables_have_the_rows_of_all_experiments_raw()
    {
        Add("first", Row("=a", 0.5));
        Add("second", isRaw: true, Row("@b", 0.75));
        Assert.Equal(["=a", "@b"], File.ReadLines(folder.File("results.csv")).Skip(1).Select(line => line.Split(',')[0]));
        Assert.Equal(["=a", "@b"], ResultRow.Read(folder.Path).Select(row => row.Dataset));
        Add("third", Row("c", 1));
        Assert.Equal(["\"'=a\"", "\"'@b\"", "c"], File.ReadLines(folder.File("results.csv")).Skip(1).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public void A_table_with_a_byte_that_is_no_text_is_refused_and_left_as_it_is()
    {
        Add("first", Row("CBF", 0.5));
        byte[] bytes = [.. File.ReadAllBytes(folder.File("results.csv")), 0xE9, (byte)'\n'];
        File.WriteAllBytes(folder.File("results.csv"), bytes);
        var error = Assert.Throws<DataException>(() => Add("second", Row("GunPoint", 0.5)));
        Assert.Contains("results.csv(3): expected UTF-8 text, found the byte 0xE9.", error.Message);
        Assert.Equal(bytes, File.ReadAllBytes(folder.File("results.csv")));
    }

    [Fact]
    public void A_table_of_other_columns_is_refused_before_any_work()
    {
        File.WriteAllText(folder.File("results.csv"), "dataset,accuracy\nCBF,0.5\n");
        var error = Assert.Throws<DataException>(() => SharedTables.Check(folder.Path));
        Assert.Contains("results.csv(1): expected the columns dataset,protocol", error.Message);
        Assert.Contains("found dataset,accuracy.", error.Message);
    }

    public void Dispose() => folder.Dispose();

    private MergedRows Add(string experiment, params RunResult[] results) => Add(experiment, isRaw: false, results);

    private MergedRows Add(string experiment, bool isRaw, params RunResult[] results)
    {
        var own = Directory.CreateDirectory(folder.File(experiment)).FullName;
        using (var output = new StreamWriter(Path.Combine(own, "results.csv"))) ResultsCsv.Write(output, results);
        return SharedTables.Merge(folder.Path, own, [.. results.Select(result => result.Run)], isRaw);
    }

    private static RunResult Row(string dataset, double accuracy) => new()
    {
        Run = new() { Dataset = new(dataset, "hash"), Split = new("official", 0), Seed = 0, Baseline = "1nn-ed" },
        NumTrain = 10, NumTest = 20, NumClasses = 2, Accuracy = accuracy, BalancedAccuracy = accuracy, MacroF1 = accuracy,
        Auroc = double.NaN, Nll = 0.5, Ece = 0.1,
        TrainSeconds = 0, EvalSeconds = 1, TrainSamplesPerSecond = 0, PeakRssMb = 100,
    };
}
