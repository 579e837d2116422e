using TsVlm.Baselines.InceptionTime;
using static TorchSharp.torch;

namespace TsVlm.Baselines.Tests.InceptionTime;

public sealed class InceptionNetworkTests
{
    /// <summary>
    /// Worked out by hand from the layers: univariate modules have no bottleneck, convolutions no bias, each normalisation two numbers a
    /// channel.
    /// </summary>
    [Theory]
    [InlineData(1, 2, 420_450)]
    [InlineData(6, 4, 491_140)]
    public void The_published_network_has_the_weights_that_its_layers_add_up_to(int numChannels, int numClasses, long byHand)
    {
        const int Filters = 32, Wide = 128, Kernels = 40 + 20 + 10;
        long Module(int inputs) =>
            (inputs > 1 ? inputs * Filters : 0) + (inputs > 1 ? Filters : 1) * Kernels * Filters + inputs * Filters + 2 * Wide;
        long Shortcut(int inputs) => inputs * Wide + 2 * Wide;
        var formula = Module(numChannels) + 5 * Module(Wide) + Shortcut(numChannels) + Shortcut(Wide) + Wide * numClasses + numClasses;
        using var network = new InceptionNetwork(numChannels, numClasses, InceptionShape.Published, new Random(0));
        Assert.Equal(formula, network.parameters().Sum(weight => weight.NumberOfElements));
        Assert.Equal(byHand, formula);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(4, 33)]
    public void Logits_are_those_of_the_layers_written_down_one_by_one(int numChannels, int length)
    {
        var random = new Random(1);
        using var network = new InceptionNetwork(numChannels, 3, InceptionShape.Tiny, random);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, buffer) in network.named_buffers())
            buffer.copy_(tensor(Floats(random, (int)buffer.shape[0], name.EndsWith("Variance", StringComparison.Ordinal) ? 0.5f : -0.5f)));
        foreach (var (name, weight) in network.named_parameters()
            .Where(pair => pair.name.Contains("normalisation", StringComparison.Ordinal)))
            weight.copy_(tensor(Floats(random, (int)weight.shape[0], name.EndsWith("weight", StringComparison.Ordinal) ? 0.5f : -0.5f)));
        network.eval();
        var series = Enumerable.Range(0, 4)
            .Select(_ => Enumerable.Range(0, numChannels).Select(_ => Floats(random, length, -0.5f)).ToArray()).ToArray();
        var logits = network.forward(
            tensor(series.SelectMany(channels => channels.SelectMany(values => values)).ToArray(), [4, numChannels, length]));
        Assert.Equal([4L, 3L], logits.shape);

        var plain = new PlainInception(InceptionShape.Tiny, [.. network.named_parameters().Select(p => (p.name, (Tensor)p.parameter))
            .Concat(network.named_buffers().Select(b => (b.name, b.buffer)))
            .Select(w => (w.name, w.Item2.shape, w.Item2.data<float>().ToArray()))]);
        var expected = series.SelectMany(
            channels => plain.Logits([.. channels.Select(values => Array.ConvertAll(values, value => (double)value))])).ToArray();
        foreach (var (value, wanted) in logits.data<float>().ToArray()
            .Zip(expected)) Assert.Equal(wanted, value, 1e-4 * Math.Max(1, Math.Abs(wanted)));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    public void A_shortcut_ends_every_third_module(int depth, int numShortcuts)
    {
        using var network = new InceptionNetwork(1, 2, InceptionShape.Tiny with { Depth = depth }, new Random(0));
        Assert.Equal(numShortcuts, network.NumShortcuts);
    }

    [Fact]
    public void Starting_weights_stay_within_Glorots_limit_and_use_it()
    {
        using var scope = NewDisposeScope();
        var values = GlorotUniform.Draw(new Random(0), 32, 16, 40).data<float>().ToArray();
        var limit = Math.Sqrt(6.0 / (40 * (32 + 16)));
        Assert.InRange(values.Max(), 0.99 * limit, limit);
        Assert.InRange(values.Min(), -limit, -0.99 * limit);
        Assert.InRange(values.Average(), -0.02 * limit, 0.02 * limit);
    }

    [Fact]
    public void Another_seed_gives_other_weights_and_the_same_seed_the_same()
    {
        float[] Of(int seed)
        {
            using var network = new InceptionNetwork(2, 2, InceptionShape.Tiny, new Random(seed));
            return [.. network.parameters().SelectMany(weight => weight.data<float>().ToArray())];
        }
        Assert.Equal(Of(5), Of(5));
        Assert.NotEqual(Of(5), Of(6));
    }

    /// <summary>Numbers from low to low + 1.</summary>
    private static float[] Floats(Random random, int count, float low) =>
        [.. Enumerable.Range(0, count).Select(_ => low + random.NextSingle())];
}
