using TsVlm.Evaluation.Early;

namespace TsVlm.Evaluation.Tests.Early;

/// <summary>The one-class SVM against a case worked out by hand, and against the conditions of its optimum.</summary>
public class OneClassSvmTests
{
    /// <summary>By symmetry the coefficients are equal; both points are on the boundary, so the offset is the sum at either.</summary>
    [Fact]
    public void Two_points_share_the_weight_and_lie_on_the_boundary()
    {
        var svm = OneClassSvm.Fit([[0], [1]], gamma: 1, nu: 0.5);
        Assert.Equal([0.5, 0.5], svm.Coefficients.Select(one => Math.Round(one, 12)));
        Assert.Equal((1 + Math.Exp(-1)) / 2, svm.Offset, 12);
        Assert.Equal(Math.Exp(-0.25) - ((1 + Math.Exp(-1)) / 2), svm.Decide([0.5]), 12);
        Assert.True(svm.Accepts([0]) && svm.Accepts([0.5]) && !svm.Accepts([-0.1]) && !svm.Accepts([3]));
    }

    /// <summary>Karush, Kuhn and Tucker's conditions, which hold at the optimum of a convex problem and nowhere else.</summary>
    [Theory]
    [InlineData(1, 40, 0.05, 1)]
    [InlineData(2, 40, 0.05, 100)]
    [InlineData(3, 75, 0.3, 2)]
    [InlineData(4, 10, 1, 5)]
    [InlineData(5, 200, 0.1, 9)]
    public void The_conditions_of_the_optimum_hold_and_at_most_the_share_nu_is_outside(int seed, int count, double nu, double gamma)
    {
        var random = new Random(seed);
        double[][] points = [.. Enumerable.Range(0, count).Select(_ => (double[])[random.NextDouble(), random.NextDouble(), random.NextDouble()])];
        points[^1] = points[0];   // equal points occur: a classifier that is sure of many
        var svm = OneClassSvm.Fit(points, gamma, nu);
        Assert.Equal(nu * count, svm.Coefficients.Sum(), 9);
        foreach (var (point, coefficient) in points.Zip(svm.Coefficients))
        {
            Assert.InRange(coefficient, 0, 1);
            var decision = svm.Decide(point);
            Assert.True(coefficient switch
            {
                0 => decision >= -OneClassSvm.Tolerance,
                1 => decision <= OneClassSvm.Tolerance,
                _ => Math.Abs(decision) <= OneClassSvm.Tolerance,
            }, $"coefficient {coefficient}, decision {decision}");
        }
        Assert.InRange(points.Count(point => !svm.Accepts(point)), 0, nu * count);
    }
}
