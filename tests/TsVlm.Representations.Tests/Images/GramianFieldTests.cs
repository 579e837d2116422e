using TsVlm.Representations.Images;

namespace TsVlm.Representations.Tests.Images;

public class GramianFieldTests
{
    /// <summary>
    /// 1, 2, 3 are scaled to -1, 0, 1, whose angles are pi, pi / 2 and 0: all cosines of sums and sines of differences by hand.
    /// </summary>
    [Fact]
    public void The_fields_of_one_two_three_are_those_worked_out_by_hand()
    {
        Equal(new double[,] { { 1, 0, -1 }, { 0, -1, 0 }, { -1, 0, 1 } }, GramianField.Summation([1, 2, 3]));
        Equal(new double[,] { { 0, 1, 0 }, { -1, 0, 1 }, { 0, -1, 0 } }, GramianField.Difference([1, 2, 3]));
    }

    /// <summary>0, 3, 4 are scaled to -1, 1/2, 1, whose angles are 180, 60 and 0 degrees.</summary>
    [Fact]
    public void The_fields_of_a_value_at_sixty_degrees_are_those_worked_out_by_hand()
    {
        Equal(new[,] { { 1, -0.5, -1 }, { -0.5, -0.5, 0.5 }, { -1, 0.5, 1 } }, GramianField.Summation([0, 3, 4]));
        var sine = Math.Sqrt(3) / 2;                     // the sine of a row's angle minus a column's
        Equal(new[,] { { 0, sine, 0 }, { -sine, 0, sine }, { 0, -sine, 0 } }, GramianField.Difference([0, 3, 4]));
    }

    [Fact]
    public void A_constant_is_a_right_angle_throughout()
    {
        Assert.All(GramianField.Summation([7, 7]).Cast<double>(), cell => Assert.Equal(-1, cell));
        Assert.All(GramianField.Difference([7, 7]).Cast<double>(), cell => Assert.Equal(0, cell));
    }

    internal static void Equal(double[,] expected, double[,] found)
    {
        Assert.Equal((expected.GetLength(0), expected.GetLength(1)), (found.GetLength(0), found.GetLength(1)));
        foreach (var (e, f) in expected.Cast<double>().Zip(found.Cast<double>())) Assert.Equal(e, f, 1e-12);
    }
}
