namespace TsVlm.VisionLanguage.Tests;

public sealed class BatchOrderTests
{
    [Fact]
    public void Every_epoch_sees_every_sample_once_and_its_last_step_takes_what_is_left()
    {
        var steps = new BatchOrder(10, Epochs: 2, MicroBatchSize: 2, GradientAccumulation: 2, Seed: 1).From(0).ToList();
        Assert.Equal([4, 4, 2, 4, 4, 2], steps.Select(s => s.MicroBatches.Sum(b => b.Length)));
        foreach (var epoch in steps.Chunk(3)) Assert.Equal(Enumerable.Range(0, 10), epoch.SelectMany(Samples).Order());
        Assert.Equal([false, false, true, false, false, true], steps.Select(s => s.EndsEpoch));
        Assert.Equal([0.4, 0.8, 1, 1.4, 1.8, 2], steps.Select(s => s.Epoch));
        Assert.Equal([4, 8, 10, 14, 18, 20], steps.Select(s => s.SamplesDone));
    }

    [Fact]
    public void An_incomplete_micro_batch_is_used()
    {
        var step = new BatchOrder(5, Epochs: 1, MicroBatchSize: 2, GradientAccumulation: 4, Seed: 1).From(0).Single();
        Assert.Equal([2, 2, 1], step.MicroBatches.Select(b => b.Length));
    }

    [Theory]
    [InlineData(1.5, 15, 5)]
    [InlineData(0.3, 3, 1)]
    [InlineData(0, 0, 0)]
    public void A_fraction_of_an_epoch_takes_that_share_of_the_samples(double epochs, int numSamples, int numSteps)
    {
        var order = new BatchOrder(10, epochs, MicroBatchSize: 4, GradientAccumulation: 1, Seed: 1);
        var steps = order.From(0).ToList();
        Assert.Equal((numSamples, numSteps), (steps.Sum(s => Samples(s).Count()), steps.Count));
        Assert.Equal((numSamples, numSteps), (order.NumSamplesInAll, order.NumSteps));
        Assert.All(steps.TakeLast(1), s => Assert.True(s.EndsEpoch));
    }

    [Fact]
    public void Going_on_from_a_step_gives_the_steps_that_were_left()
    {
        var order = new BatchOrder(11, Epochs: 2.5, MicroBatchSize: 2, GradientAccumulation: 1, Seed: 9);
        var all = order.From(0).ToList();
        for (var step = 0; step <= all.Count; step++) Assert.Equal(all.Skip(step).SelectMany(Samples), order.From(step).SelectMany(Samples));
    }

    [Fact]
    public void Every_seed_and_every_epoch_has_an_order_of_its_own()
    {
        var orders = Enumerable.Range(0, 20).SelectMany(seed => new BatchOrder(12, 3, 12, 1, seed).From(0).Select(s => string.Join(' ', Samples(s)))).ToList();
        Assert.Equal(orders.Count, orders.Distinct().Count());
    }

    private static IEnumerable<int> Samples(BatchStep step) => step.MicroBatches.SelectMany(b => b);
}
