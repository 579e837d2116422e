using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Tests.Statistics;

public sealed class TiesTests
{
    // The same three seeds in two orders: floating-point arithmetic gives two means.
    private static readonly double Mean = new[] { 0.1, 0.2, 0.3 }.Average();
    private static readonly double Same = new[] { 0.3, 0.2, 0.1 }.Average();

    [Fact]
    public void Means_of_the_same_seeds_in_another_order_tie()
    {
        Assert.NotEqual(Mean, Same);
        Assert.Equal(0, Ties.Compare(Mean, Same));
        Assert.Equal([1.5, 3, 1.5], Ranks.Descending([Mean, 0.1, Same]));
    }

    [Fact]
    public void A_prediction_more_over_a_million_cases_is_a_difference()
    {
        Assert.Equal((1, -1), (Ties.Compare(0.5 + 1e-6, 0.5), Ties.Compare(0.5, 0.5 + 1e-6)));
        Assert.Equal([1, 2], Ranks.Descending([0.5 + 1e-6, 0.5]));
    }
}
