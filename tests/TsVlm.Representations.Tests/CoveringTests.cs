namespace TsVlm.Representations.Tests;

public class CoveringTests
{
    [Fact]
    public void Any_three_values_of_three_settings_occur_together_in_far_fewer_combinations_than_all()
    {
        var rows = Covering.Triples(5, 3, 2, 4);
        Assert.InRange(rows.Count, 5 * 3 * 4, 5 * 3 * 2 * 4 - 1);
        for (var first = 0; first < 5; first++)
            for (var second = 0; second < 3; second++)
                for (var last = 0; last < 4; last++) Assert.Contains(rows, row => row[0] == first && row[1] == second && row[3] == last);
        Assert.All(rows, row => Assert.All(row.Zip([5, 3, 2, 4]), value => Assert.InRange(value.First, 0, value.Second - 1)));
    }
}
