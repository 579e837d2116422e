using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

public sealed class EpochSamplerTests
{
    [Fact]
    public void Every_epoch_sees_every_sample_once_and_its_last_step_takes_what_is_left()
    {
        var steps = new EpochSampler(10, Epochs: 2, MicroBatchSize: 2, GradientAccumulation: 2, Seed: 1).From(0).ToList();
        Assert.Equal([4, 4, 2, 4, 4, 2], steps.Select(s => s.MicroBatches.Sum(b => b.Length)));
        foreach (var epoch in steps.Chunk(3)) Assert.Equal(Enumerable.Range(0, 10), epoch.SelectMany(Samples).Order());
        Assert.Equal([false, false, true, false, false, true], steps.Select(s => s.EndsEpoch));
        Assert.Equal([0.4, 0.8, 1, 1.4, 1.8, 2], steps.Select(s => s.Epoch));
        Assert.Equal([4, 8, 10, 14, 18, 20], steps.Select(s => s.SamplesDone));
    }

    [Fact]
    public void An_incomplete_micro_batch_is_used()
    {
        var step = new EpochSampler(5, Epochs: 1, MicroBatchSize: 2, GradientAccumulation: 4, Seed: 1).From(0).Single();
        Assert.Equal([2, 2, 1], step.MicroBatches.Select(b => b.Length));
    }

    [Theory]
    [InlineData(1.5, 15, 5)]
    [InlineData(0.3, 3, 1)]
    [InlineData(0, 0, 0)]
    public void A_fraction_of_an_epoch_takes_that_share_of_the_samples(double epochs, int numSamples, int numSteps)
    {
        var order = new EpochSampler(10, epochs, MicroBatchSize: 4, GradientAccumulation: 1, Seed: 1);
        var steps = order.From(0).ToList();
        Assert.Equal((numSamples, numSteps), (steps.Sum(s => Samples(s).Count()), steps.Count));
        Assert.Equal((numSamples, numSteps), (order.NumSamplesInAll, order.NumSteps));
        Assert.All(steps.TakeLast(1), s => Assert.True(s.EndsEpoch));
    }

    [Fact]
    public void Going_on_from_a_step_gives_the_steps_that_were_left()
    {
        var order = new EpochSampler(11, Epochs: 2.5, MicroBatchSize: 2, GradientAccumulation: 1, Seed: 9);
        var all = order.From(0).ToList();
        for (var step = 0; step <= all.Count; step++)
            Assert.Equal(all.Skip(step).SelectMany(Samples), order.From(step).SelectMany(Samples));
    }

    [Fact]
    public void Every_seed_and_every_epoch_has_an_order_of_its_own()
    {
        var orders = Enumerable.Range(0, 20)
            .SelectMany(seed => new EpochSampler(12, 3, 12, 1, seed).From(0).Select(s => string.Join(' ', Samples(s)))).ToList();
        Assert.Equal(orders.Count, orders.Distinct().Count());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(4, 2.3)]
    public void Grouped_by_length_every_epoch_still_sees_every_sample_once(int accumulation, double epochs)
    {
        var plain = new EpochSampler(103, epochs > 0 ? epochs : 2, MicroBatchSize: 4, accumulation, Seed: 5);
        var grouped = plain with { Lengths = Lengths(103) };
        var (plainSteps, steps) = (plain.From(0).ToList(), grouped.From(0).ToList());
        Assert.Equal(plainSteps.Select(s => (s.SamplesDone, s.EndsEpoch, Samples(s).Count())),
            steps.Select(s => (s.SamplesDone, s.EndsEpoch, Samples(s).Count())));
        var stepsPerEpoch = steps.FindIndex(s => s.EndsEpoch) + 1;
        foreach (var epoch in steps.Chunk(stepsPerEpoch).Where(epoch => epoch.Length == stepsPerEpoch))
            Assert.Equal(Enumerable.Range(0, 103), epoch.SelectMany(Samples).Order());
        Assert.Equal(plainSteps.Skip(2 * stepsPerEpoch).SelectMany(Samples).Order(), steps.Skip(2 * stepsPerEpoch).SelectMany(Samples)
            .Order());
        Assert.NotEqual(Samples(steps[0]), Samples(steps[stepsPerEpoch]));
    }

    [Fact]
    public void Grouped_by_length_little_is_padding_and_no_step_has_long_samples_only()
    {
        var lengths = Lengths(400);
        var plain = new EpochSampler(400, Epochs: 1, MicroBatchSize: 4, GradientAccumulation: 4, Seed: 5);
        var grouped = plain with { Lengths = lengths };
        Assert.True(Padding(grouped, lengths) < 0.15 * Padding(plain, lengths),
            $"{Padding(grouped, lengths)} of {Padding(plain, lengths)} tokens.");
        Assert.All(grouped.From(0), step => Assert.InRange(Samples(step).Average(i => lengths[i]), 100, 200));
    }

    [Fact]
    public void Grouped_by_length_going_on_gives_the_steps_that_were_left()
    {
        var order = new EpochSampler(61, Epochs: 2.5, MicroBatchSize: 2, GradientAccumulation: 2, Seed: 9) { Lengths = Lengths(61) };
        var all = order.From(0).ToList();
        for (var step = 0; step <= all.Count; step++)
            Assert.Equal(all.Skip(step).SelectMany(Samples), order.From(step).SelectMany(Samples));
    }

    private static int[] Lengths(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(50, 250))];
    }

    private static int Padding(EpochSampler order, int[] lengths) =>
        order.From(0).SelectMany(s => s.MicroBatches).Sum(b => b.Sum(i => b.Max(j => lengths[j]) - lengths[i]));

    private static IEnumerable<int> Samples(BatchStep step) => step.MicroBatches.SelectMany(b => b);
}
