using TorchSharp.Modules;
using TsVlm.Baselines.InceptionTime;
using static TorchSharp.torch;

namespace TsVlm.Baselines.Tests.InceptionTime;

public sealed class TrainingPartsTests
{
    [Fact]
    public void The_rate_halves_after_fifty_epochs_without_a_gain_and_stops_at_a_tenth_of_its_start()
    {
        var plateau = new LearningRatePlateau();
        // By hand: epoch 1 sets the best, epochs 2 to 51 wait, and each fifty more; 0.001 / 2 / 2 / 2 / 2 would be below 0.0001.
        var rates = Enumerable.Range(1, 301).Select(_ => { plateau.Observe(0.5); return plateau.Rate; }).ToArray();
        Assert.All(rates[..50], rate => Assert.Equal(1e-3, rate));
        Assert.All(rates[50..100], rate => Assert.Equal(5e-4, rate));
        Assert.All(rates[100..150], rate => Assert.Equal(2.5e-4, rate));
        Assert.All(rates[150..200], rate => Assert.Equal(1.25e-4, rate));
        Assert.All(rates[200..], rate => Assert.Equal(1e-4, rate));
    }

    [Fact]
    public void Only_a_gain_of_more_than_a_ten_thousandth_starts_the_wait_anew()
    {
        var plateau = new LearningRatePlateau();
        plateau.Observe(0.5);
        for (var epoch = 0; epoch < 49; epoch++) plateau.Observe(0.49995);  // better than 0.5, but by too little
        Assert.Equal(1e-3, plateau.Rate);
        plateau.Observe(0.4998);
        for (var epoch = 0; epoch < 49; epoch++) plateau.Observe(0.6);
        Assert.Equal(1e-3, plateau.Rate);
        plateau.Observe(double.NaN);
        Assert.Equal(5e-4, plateau.Rate);
    }

    [Fact]
    public void Adam_steps_as_Keras_does_and_leaves_no_gradient()
    {
        // Twenty weights, so that both the wide and the single steps are taken. Weight i has the gradient i - 9 at both steps.
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(20));
        var slopes = arange(-9, 11, ScalarType.Float32);
        var adam = new KerasAdam([weight]);
        var expected = new double[20];
        for (var step = 1; step <= 2; step++)
        {
            (weight * slopes).sum().backward();
            adam.Step(0.01);
            for (var i = 0; i < 20; i++)
            {
                double gradient = i - 9, first = gradient * (1 - Math.Pow(0.9, step)),
                    second = gradient * gradient * (1 - Math.Pow(0.999, step));
                expected[i] -= 0.01 * Math.Sqrt(1 - Math.Pow(0.999, step)) / (1 - Math.Pow(0.9, step)) * first / (Math.Sqrt(second) + 1e-7);
            }
            Assert.All(weight.grad!.data<float>().ToArray(), value => Assert.Equal(0, value));
        }
        foreach (var (value, wanted) in weight.data<float>().ToArray().Zip(expected)) Assert.Equal(wanted, value, 1e-6);
    }

    [Fact]
    public void The_weights_and_statistics_of_the_least_loss_come_back()
    {
        using var network = new InceptionNetwork(1, 2, InceptionShape.Tiny, new Random(0));
        using var best = new BestEpoch(network);
        void FillWith(float value)
        {
            using var noGradient = no_grad();
            foreach (var tensor in network.parameters().Concat(network.buffers())) tensor.fill_(value);
        }
        foreach (var (value, loss) in new[] { (1f, 0.5), (2f, double.NaN), (3f, 0.2), (4f, 0.2), (5f, 0.3) })
        {
            FillWith(value);
            best.Offer(loss);
        }
        best.Restore();
        Assert.Equal(0.2, best.Loss);
        Assert.All(network.parameters()
            .Concat(network.buffers()), tensor => Assert.All(tensor.data<float>().ToArray(), value => Assert.Equal(3, value)));
    }

    [Fact]
    public void A_training_that_was_never_a_number_is_refused()
    {
        using var network = new InceptionNetwork(1, 2, InceptionShape.Tiny, new Random(0));
        using var best = new BestEpoch(network);
        best.Offer(double.NaN);
        best.Offer(double.PositiveInfinity);
        Assert.Throws<InvalidOperationException>(best.Restore);
    }
}
