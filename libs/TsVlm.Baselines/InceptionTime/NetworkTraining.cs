using TsVlm.Baselines.Linear;
using TsVlm.Baselines.Series;
using static TorchSharp.torch;

namespace TsVlm.Baselines.InceptionTime;

/// <summary>Trains an Inception network as the authors' code does, and asks it.</summary>
internal static class NetworkTraining
{
    private const int TestBatchSize = 64;

    /// <summary>Trains the network on batches in random order and leaves it as it was after the epoch of least training loss.</summary>
    /// <param name="network">The network.</param>
    /// <param name="series">Training series (cases, channels, time steps).</param>
    /// <param name="classes">Class of each case (cases), from 0.</param>
    /// <param name="settings">Epochs and batch size.</param>
    /// <param name="random">Decides the order.</param>
    /// <param name="epochDone">Called after each epoch with its loss, the mean over its cases of the cross-entropy at their step.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="BaselineException">A loss that is not finite.</exception>
    public static void Run(
        InceptionNetwork network, Tensor series, Tensor classes, InceptionTimeSettings settings, Random random, Action<double>? epochDone,
        CancellationToken cancellationToken)
    {
        var adam = new KerasAdam(network.parameters());
        using var best = new BestEpoch(network);
        var plateau = new LearningRatePlateau();
        long[] order = [.. Enumerable.Range(0, (int)series.shape[0])];
        network.train();
        for (var epoch = 0; epoch < settings.NumEpochs; epoch++)
        {
            random.Shuffle(order);
            var sum = 0.0;
            foreach (var batch in order.Chunk(settings.BatchSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var cases = tensor(batch);
                var loss = nn.functional.cross_entropy(network.forward(series.index_select(0, cases)), classes.index_select(0, cases));
                var value = loss.data<float>()[0];
                if (!float.IsFinite(value)) throw NotFinite($"epoch {epoch}", "loss", value);
                loss.backward();
                adam.Step(plateau.Rate);
                sum += value * (double)batch.Length;
            }
            best.Offer(sum / order.Length);
            plateau.Observe(sum / order.Length);
            epochDone?.Invoke(sum / order.Length);
        }
        best.Restore();
        network.eval();
    }

    /// <summary>Probabilities (cases, classes) by a trained network, each row with the sum 1.</summary>
    /// <param name="network">The network.</param>
    /// <param name="series">Series (cases, channels, time steps).</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="BaselineException">A prediction that is not finite.</exception>
    public static IEnumerable<double[]> Probabilities(InceptionNetwork network, Tensor series, CancellationToken cancellationToken)
    {
        for (var begin = 0L; begin < series.shape[0]; begin += TestBatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in Batch(network, series, begin)) yield return SoftmaxTemperature.Apply(row, 1);
        }
    }

    private static double[][] Batch(InceptionNetwork network, Tensor series, long begin)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = network.forward(series.narrow(0, begin, Math.Min(TestBatchSize, series.shape[0] - begin)));
        var values = Array.ConvertAll(logits.contiguous().data<float>().ToArray(), value => (double)value);
        var stray = Array.FindIndex(values, value => !double.IsFinite(value));
        if (stray >= 0) throw NotFinite($"series {begin + (stray / logits.shape[1])} to predict", "prediction", values[stray]);
        return [.. values.Chunk((int)logits.shape[1])];
    }

    private static BaselineException NotFinite(string where, string what, double found) => new(FormattableString.Invariant(
        $"InceptionTime, {where}: expected a finite {what}, found {found}. Scale the values of the data set, or leave the baseline out."));
}
