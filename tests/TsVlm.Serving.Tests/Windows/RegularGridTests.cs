using TsVlm.Serving.Windows;

namespace TsVlm.Serving.Tests.Windows;

/// <summary>Samples at irregular times on a regular grid; expected values worked out by hand.</summary>
public class RegularGridTests
{
    [Fact]
    public void Steps_between_samples_are_interpolated_and_known_when_a_later_sample_is()
    {
        var (steps, next) = Add(new(0.5, 10), [10, 11.25], [1, 6]);
        Assert.Equal([1, 3, 5], steps);             // at 10, 10.5 and 11; 11.5 is not reached
        Assert.Equal(11, next.TimeOf(2));
        (steps, _) = Add(next, [11.75], [2]);
        Assert.Equal([4], steps);                   // halfway from 6 to 2
    }

    [Fact]
    public void Steps_in_a_gap_are_missing_but_for_samples_on_the_grid()
    {
        var (steps, _) = Add(new(1, 2), [0, 2, 5, 6], [1, 3, 7, 8]);
        Assert.Equal([1, 2, 3, double.NaN, double.NaN, 7, 8], steps);
    }

    [Fact]
    public void A_step_beside_a_missing_value_is_missing_in_that_channel_alone()
    {
        var (steps, _) = new RegularGrid(1, 10).Add([[0, double.NaN, 4], [0, 2, 4]], [0, 2, 4], 100);
        Assert.Equal([0, double.NaN, double.NaN, double.NaN, 4], steps[0]);
        Assert.Equal([0, 1, 2, 3, 4], steps[1]);
    }

    /// <summary>A tenth has no exact double: 3 * 0.1 is above 0.3.</summary>
    [Fact]
    public void Samples_on_the_grid_but_for_rounding_keep_their_bits_and_are_known_at_once()
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble())];
        foreach (var zero in (double[])[0, 1_764_547_200])   // seconds since 1970
        {
            var (steps, _) = Add(new(0.1, 0.1), [.. Enumerable.Range(0, 1000).Select(i => zero + (i / 10.0))], values);
            Assert.Equal(values, steps);
        }
    }

    [Fact]
    public void Pieces_of_any_size_give_the_bits_of_one_piece()
    {
        var random = new Random(2);
        var time = 0.0;
        double[] times = [.. Enumerable.Range(0, 200).Select(_ => time += 0.05 + (random.NextDouble() * 0.4))];
        double[] values = [.. times.Select(_ => random.NextDouble())];
        var (whole, _) = Add(new(0.1, 0.3), times, values);
        Assert.Contains(whole, double.IsNaN);
        for (var size = 1; size < 50; size += 7)
        {
            var (grid, parts) = (new RegularGrid(0.1, 0.3), new List<double>());
            foreach (var (stamps, samples) in times.Chunk(size).Zip(values.Chunk(size)))
            {
                (var steps, grid) = Add(grid, stamps, samples);
                parts.AddRange(steps);
            }
            Assert.Equal(whole, parts);
        }
    }

    private static (double[] Steps, RegularGrid Next) Add(RegularGrid grid, double[] times, double[] values)
    {
        var (steps, next) = grid.Add([values], times, 10_000);
        return (steps[0], next);
    }
}
