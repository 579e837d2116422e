using TorchSharp;
using TsVlm.Baselines.InceptionTime;
using TsVlm.Baselines.Series;
using static TorchSharp.torch;

namespace TsVlm.Baselines.Tests.InceptionTime;

public sealed class NetworkTrainingTests
{
    private static readonly InceptionTimeSettings Small = new() { NumEpochs = 30, BatchSize = 4, Shape = InceptionShape.Tiny };

    // Idle threads that spin would take the time of the one that works.
    public NetworkTrainingTests() => set_num_threads(1);

    [Fact]
    public void Training_keeps_the_network_of_the_epoch_with_the_lowest_training_loss()
    {
        var (losses, all) = Train(Small);
        var best = losses.IndexOf(losses.Min());
        Assert.InRange(best, 1, losses.Count - 2);   // else the test would show nothing; another seed would be needed
        var (shorter, upToBest) = Train(Small with { NumEpochs = best + 1 });
        Assert.Equal(losses[..(best + 1)], shorter);
        Assert.Equal(upToBest, all);
    }

    [Fact]
    public void The_loss_falls() => Assert.True(Train(Small).Losses is var losses && losses[^1] < losses[0] / 2);

    [Fact]
    public void Tensors_of_the_steps_do_not_pile_up()
    {
        var (series, classes) = Data();
        using var network = new InceptionNetwork(1, 2, InceptionShape.Tiny, new Random(0));
        var counts = new List<long>();
        NetworkTraining.Run(network, series, classes, Small,
            new Random(0), _ => counts.Add(DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount), Stop);
        Assert.All(counts, count => Assert.Equal(counts[0], count));
    }

    [Fact]
    public void A_cancelled_training_stops_within_its_epoch()
    {
        var (series, classes) = Data();
        using var network = new InceptionNetwork(1, 2, InceptionShape.Tiny, new Random(0));
        using var cancelled = new CancellationTokenSource();
        var numEpochs = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => NetworkTraining.Run(network, series, classes, Small, new Random(0), _ =>
        {
            numEpochs++;
            if (numEpochs == 2) cancelled.Cancel();
        }, cancelled.Token));
        Assert.Equal(2, numEpochs);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_ends_the_training_with_its_epoch()
    {
        var (series, classes) = Data();
        series[3, 0, 5] = float.NaN;
        using var network = new InceptionNetwork(1, 2, InceptionShape.Tiny, new Random(0));
        var error = Assert.Throws<BaselineException>(() => NetworkTraining.Run(network, series, classes, Small, new Random(0), null, Stop));
        Assert.StartsWith("InceptionTime, epoch 0: expected a finite loss, found NaN.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prediction_that_is_not_a_number_is_refused()
    {
        var (series, _) = Data();
        using var network = new InceptionNetwork(1, 2, InceptionShape.Tiny, new Random(0));
        network.eval();
        series[3, 0, 5] = float.NaN;
        var error = Assert.Throws<BaselineException>(() => NetworkTraining.Probabilities(network, series, Stop).ToList());
        Assert.Contains("series 3 to predict: expected a finite prediction, found NaN", error.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static (List<double> Losses, double[] Probabilities) Train(InceptionTimeSettings settings)
    {
        using var scope = NewDisposeScope();
        var (series, classes) = Data();
        var random = new Random(3);
        using var network = new InceptionNetwork(1, 2, settings.Shape, random);
        var losses = new List<double>();
        NetworkTraining.Run(network, series, classes, settings, random, losses.Add, Stop);
        return (losses, [.. NetworkTraining.Probabilities(network, series, Stop).SelectMany(row => row)]);
    }

    /// <summary>Ten series of twelve steps, rising and falling, with noise.</summary>
    private static (Tensor Series, Tensor Classes) Data()
    {
        var random = new Random(0);
        var values = Enumerable.Range(0, 10)
            .SelectMany(i => Enumerable.Range(0, 12).Select(t => (i % 2 == 0 ? t : -t) / 6f + 2 * random.NextSingle())).ToArray();
        return (tensor(values, [10, 1, 12]), tensor(Enumerable.Range(0, 10).Select(i => i % 2L).ToArray()));
    }
}
