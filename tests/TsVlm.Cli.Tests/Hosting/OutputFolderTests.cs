using TsVlm.Cli.Hosting;
using TsVlm.Contracts;
using TsVlm.Evaluation.Results;
using TsVlm.Tests;

namespace TsVlm.Cli.Tests.Hosting;

public sealed class OutputFolderTests
{
    private static readonly RunSpec Run = new() { Dataset = new("=a", "hash"), Split = new("official", 0), Seed = 0, Baseline = "1nn-ed" };

    [Theory]
    [InlineData(false, "\"'=a\",\"", "\"0\",\"'@b\",\"'@b\",\"1\"")]
    [InlineData(true, "=a,", "0,@b,@b,1")]
    public void Tables_are_escaped_and_with_the_switch_raw(bool isRaw, string row, string prediction)
    {
        using var temporary = new TemporaryFolder();
        using var output = new OutputFolder(temporary.File("out"), isRaw);
        Directory.CreateDirectory(output.Experiment("1"));
        File.WriteAllText(Path.Combine(output.Experiment("1"), ArtifactFiles.ReportPage), "");
        using (var table = new StreamWriter(Path.Combine(output.Experiment("1"), ArtifactFiles.Results))) ResultsCsv.Write(table, [Result]);
        var predictions = Path.Combine(Directory.CreateDirectory(Path.Combine(output.Runs, Run.Id)).FullName, ArtifactFiles.Predictions);
        using (var table = new StreamWriter(predictions)) PredictionsCsv.Write(table, ["@b"], [new(0, 0, 0, [1])]);

        output.Merge("1", [Run]);

        foreach (var folder in (string[])[output.Path, output.Experiment("1")])
            Assert.StartsWith(row, File.ReadLines(Path.Combine(folder, ArtifactFiles.Results)).Last());
        Assert.Equal(prediction, File.ReadLines(predictions).Last());
    }

    private static RunResult Result => new()
    {
        Run = Run, NumTrain = 10, NumTest = 20, NumClasses = 2, Accuracy = 1, BalancedAccuracy = 1, MacroF1 = 1, Auroc = double.NaN,
        Nll = 0.5, Ece = 0.1, TrainSeconds = 0, EvalSeconds = 1, TrainSamplesPerSecond = 0, PeakRssMb = 100,
    };
}
