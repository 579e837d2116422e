namespace TsVlm.Baselines.InceptionTime;

/// <summary>
/// The learning rate of the authors' code, Keras' ReduceLROnPlateau on the training loss: 0.001, halved whenever 50 epochs in a row were
/// not better than the best by more than 0.0001, down to 0.0001.
/// </summary>
internal sealed class LearningRatePlateau
{
    private const double Factor = 0.5;
    private const double Lowest = 1e-4;
    private const double MinGain = 1e-4;

    /// <summary>Epochs without a gain before the rate falls.</summary>
    public const int Patience = 50;

    private double best = double.PositiveInfinity;
    private int numWaited;

    /// <summary>Rate of the next epoch.</summary>
    public double Rate { get; private set; } = 1e-3;

    /// <summary>Takes in the loss of the epoch that has ended.</summary>
    public void Observe(double loss)
    {
        if (loss < best - MinGain)
        {
            best = loss;
            numWaited = 0;
            return;
        }
        numWaited++;
        if (numWaited < Patience || Rate <= Lowest) return;
        Rate = Math.Max(Rate * Factor, Lowest);
        numWaited = 0;
    }
}
