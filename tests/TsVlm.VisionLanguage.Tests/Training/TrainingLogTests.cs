using TsVlm.Tests;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

public sealed class TrainingLogTests
{
    [Fact]
    public void A_row_a_step_and_a_validation_loss_only_where_there_is_one()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("training.csv");
        File.WriteAllText(path, "an older log");
        TrainingLog.Write(path, [new(0, 0.5, 0, 2.25, null, 1), new(1, 1, 2e-5, 1.5, 1.75, 1)]);
        Assert.Equal("step,epoch,lr,loss,validation_loss\n0,0.5,0,2.25,\n1,1,2E-05,1.5,1.75\n", File.ReadAllText(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(folder.Path)));
    }
}
