using TsVlm.Contracts;
using TsVlm.Representations.Images;
using TsVlm.Representations.Samples;

namespace TsVlm.Representations.Tests.Images;

public class RecurrencePlotTests
{
    [Fact]
    public void Distances_and_recurrences_are_those_worked_out_by_hand()
    {
        GramianFieldTests.Equal(new double[,] { { 0, 2, 3 }, { 2, 0, 1 }, { 3, 1, 0 } }, RecurrencePlot.Distances([0, 2, 3]));
        GramianFieldTests.Equal(new double[,] { { 1, 0, 0 }, { 0, 1, 1 }, { 0, 1, 1 } }, RecurrencePlot.Recurrences([0, 2, 3], 1));
    }

    /// <summary>
    /// Training from 0 to 100: the radius is 10, and half as large a series recurs more often than it would by a radius of its own.
    /// </summary>
    [Fact]
    public void The_radius_is_a_tenth_of_the_training_values_range()
    {
        var representation = new Representation { Image = ImageKind.RecurrencePlot, Arm = Arm.Image };
        var fitted = Samples.Fit(representation, Samples.Series([0, 100, 50]));
        Assert.Equal(new ValueRange(0, 100), fitted.FieldRanges![0][0]);
        var rgb = PngImage.Decode(new SampleBuilder(fitted, Samples.Model()).Build(Samples.Series([0, 10, 21])).Image!).Rgb;
        var third = Samples.ImageSize / 3;
        int[] shades = [.. Enumerable.Range(0, 9)
            .Select(cell => (int)rgb[((((cell / 3 * third) + 8) * Samples.ImageSize) + (cell % 3 * third) + 8) * 3])];
        Assert.Equal([0, 0, 255, 0, 0, 255, 255, 255, 0], shades);
    }
}
