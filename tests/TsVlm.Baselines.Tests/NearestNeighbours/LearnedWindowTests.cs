using TsVlm.Baselines.NearestNeighbours;
using TsVlm.Data.Readers;

namespace TsVlm.Baselines.Tests.NearestNeighbours;

public sealed class LearnedWindowTests
{
    // Windows and error rates of the UCR archive's DataSummary.csv (2018), column "DTW (learned_w)", on z-normalised sets.
    [Theory]
    [InlineData("GunPoint", 0.00, 0.0867)]
    [InlineData("CBF", 0.11, 0.0044)]
    [InlineData("Trace", 0.03, 0.0100)]
    [InlineData("Lightning2", 0.06, 0.1311)]
    [InlineData("Plane", 0.05, 0.0000)]
    [InlineData("MedicalImages", 0.20, 0.2526)]
    [InlineData("OSULeaf", 0.07, 0.3884)]
    [InlineData("SwedishLeaf", 0.02, 0.1536)]
    [InlineData("SyntheticControl", 0.06, 0.0167)]
    [InlineData("TwoLeadECG", 0.04, 0.1317)]
    public void Window_and_error_equal_the_archives_published_metrics(string name, double window, double error)
    {
        var dataset = DatasetReader.Read(TestFolders.ArchiveData(), name);
        var (training, test) = (dataset.Cases.Take(dataset.NumOfficialTrain).ToArray(), dataset.Cases.Skip(dataset.NumOfficialTrain)
            .ToArray());
        var result = NearestNeighbour.Classify(
            training, [.. test.Select(labelled => labelled.Series)], DistanceSettings.LearnedWindow,
            Environment.ProcessorCount, progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(window, result.WindowFraction);
        var numWrong = result.Predictions.Zip(test).Count(pair => pair.First != pair.Second.Label);
        Assert.Equal(error, (double)numWrong / test.Length, 4);
    }
}
