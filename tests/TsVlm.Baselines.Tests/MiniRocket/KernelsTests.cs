using TsVlm.Baselines.MiniRocket;

namespace TsVlm.Baselines.Tests.MiniRocket;

public sealed class KernelsTests
{
    [Fact]
    public void The_84_kernels_go_from_the_first_three_places_to_the_last_three()
    {
        Assert.Equal(84, Kernels.Places.Distinct().Count());
        Assert.Equal([(0, 1, 2), (0, 1, 3)], Kernels.Places.Take(2));
        Assert.Equal((6, 7, 8), Kernels.Places[83]);
        Assert.Equal(PlainMiniRocket.Kernels(), Kernels.Places.Select(places =>
            Enumerable.Range(0, 9).Select(j => j == places.First || j == places.Second || j == places.Third ? 2 : -1).ToArray()));
    }

    [Fact]
    public void Quantiles_follow_multiples_of_the_golden_ratio() =>
        // 1.6180340, 3.2360680, 4.8541020, 6.4721360 without their whole parts.
        Assert.Equal([0.618034f, 0.236068f, 0.854102f, 0.472136f], Enumerable.Range(0, 4)
            .Select(Kernels.Quantile), (a, b) => Math.Abs(a - b) < 1e-6);
}
