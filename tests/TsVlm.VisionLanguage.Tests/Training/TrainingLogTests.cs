using TsVlm.Tests;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

public sealed class TrainingLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_row_a_step_and_a_validation_loss_only_where_there_is_one()
    {
        var path = folder.File("training.csv");
        File.WriteAllText(path, "an older log");
        TrainingLog.Write(path, Result(new(0, 0.5, 0, 2.25, null, 1), new(1, 1, 2e-5, 1.5, 1.75, 1)));
        Assert.Equal("step,epoch,lr,loss,validation_loss,part\n0,0.5,0,2.25,,training\n1,1,2E-05,1.5,1.75,training\n",
            File.ReadAllText(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(folder.Path)));
    }

    [Fact]
    public void A_refit_comes_behind_the_training_that_chose_its_epochs_and_is_named()
    {
        var refit = Result(new(0, 0.5, 1e-5, 2, null, 1), new(1, 1, 2e-5, 1, null, 1)) with
        {
            Selection = Result(new TrainingStep(0, 1, 1e-5, 2.5, 1.75, 1)),
        };
        TrainingLog.Write(folder.File("training.csv"), refit);
        Assert.Equal(["0,1,1E-05,2.5,1.75,training", "0,0.5,1E-05,2,,refit", "1,1,2E-05,1,,refit"],
            File.ReadLines(folder.File("training.csv")).Skip(1));
    }

    [Fact]
    public void Without_a_training_the_columns_alone_are_written()
    {
        TrainingLog.Write(folder.File("training.csv"), null);
        Assert.Equal("step,epoch,lr,loss,validation_loss,part\n", File.ReadAllText(folder.File("training.csv")));
    }

    public void Dispose() => folder.Dispose();

    private static FineTuningResult Result(params TrainingStep[] steps) => new()
    {
        Steps = steps, BestEpoch = 1, BestValidationLoss = null, StoppedEarly = false, Seconds = 1, SecondsBefore = 0, NumSamplesSeen = 4,
        SamplesPerSecond = 4,
    };
}
