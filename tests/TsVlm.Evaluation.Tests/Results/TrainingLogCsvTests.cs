using TsVlm.Artifacts;
using TsVlm.Evaluation.Results;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Evaluation.Tests.Results;

public sealed class TrainingLogCsvTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Columns_are_found_by_name_whatever_their_order()
    {
        File.WriteAllText(folder.File("training.csv"),
            "loss,step,gradient_norm,validation_loss,lr,epoch\n0.5,0,3,,0.001,0.25\n0.25,1,2,0.75,0.002,0.5\n");
        Assert.Equal([new(0, 0.25, 0.001, 0.5, null), new(1, 0.5, 0.002, 0.25, 0.75)], TrainingLogCsv.Read(folder.File("training.csv")));
    }

    [Fact]
    public void A_log_as_training_writes_it_is_read_back()
    {
        TrainingLog.Write(folder.File("training.csv"), null);
        Assert.Empty(TrainingLogCsv.Read(folder.File("training.csv")));
        var training = new FineTuningResult
        {
            Steps = [new(0, 1, 1e-3, 2, 0.75, 1)], BestEpoch = 1, BestValidationLoss = 0.75, StoppedEarly = false, Seconds = 1,
            SecondsBefore = 0, NumSamplesSeen = 4, SamplesPerSecond = 4,
        };
        TrainingLog.Write(folder.File("training.csv"), training with { Steps = [new(0, 1, 1e-4, 1.5, null, 1)], Selection = training });
        Assert.Equal([new(0, 1, 1e-3, 2, 0.75), new(0, 1, 1e-4, 1.5, null) { IsRefit = true }],
            TrainingLogCsv.Read(folder.File("training.csv")));
    }

    [Theory]
    [InlineData("step,epoch,lr,loss\n", "(1): expected a column validation_loss, found step, epoch, lr, loss.")]
    [InlineData("", "(1): expected a column step, found an empty file.")]
    [InlineData("step,epoch,lr,loss,validation_loss\n0,1,x,1,\n", "(2): expected a number, found 'x'.")]
    [InlineData("step,epoch,lr,loss,validation_loss\n0,1,1\n", "(2): expected 5 fields, found 3.")]
    public void A_damaged_log_is_named_with_its_line(string text, string expected)
    {
        File.WriteAllText(folder.File("training.csv"), text);
        Assert.Contains($"training.csv{expected}",
            Assert.Throws<ArtifactException>(() => TrainingLogCsv.Read(folder.File("training.csv"))).Message);
    }

    public void Dispose() => folder.Dispose();
}
