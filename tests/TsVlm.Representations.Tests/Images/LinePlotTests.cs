using TsVlm.Contracts;
using TsVlm.Representations.Downsampling;
using TsVlm.Representations.Images;

namespace TsVlm.Representations.Tests.Images;

public class LinePlotTests
{
    private const int Size = 64;

    [Fact]
    public void A_constant_series_is_a_line_in_the_middle()
    {
        var rows = DarkRows(Drawn([.. Enumerable.Repeat(7.0, 30)], [.. Enumerable.Repeat(7.0, 30)]));
        Assert.All(rows, row => Assert.InRange(row, (Size / 2) - 2, (Size / 2) + 1));
    }

    [Fact]
    public void Values_beyond_the_training_range_are_drawn_on_the_border()
    {
        Assert.All(DarkRows(Drawn([1e9, 1e9], [0, 1])), row => Assert.InRange(row, 0, 2));
        Assert.All(DarkRows(Drawn([-1e9, -1e9], [0, 1])), row => Assert.InRange(row, Size - 3, Size - 1));
    }

    [Fact]
    public void A_missing_value_breaks_the_line_and_a_lone_point_is_a_dot()
    {
        var columns = DarkColumns(
            Drawn([1, 1, double.NaN, double.NaN, 1, double.NaN, double.NaN, double.NaN, double.NaN], [0, 1, 0, 1, 0, 1, 0, 1, 0]))
            .ToHashSet();
        Assert.DoesNotContain(Size / 4, columns);
        Assert.Contains(Size / 2, columns);
        Assert.DoesNotContain(Size * 3 / 4, columns);
    }

    [Fact]
    public void A_series_shorter_than_the_training_series_ends_earlier_and_a_longer_one_still_fits()
    {
        Assert.InRange(DarkColumns(Drawn([0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1, 0, 1, 0])).Max(), (Size / 2) - 2, (Size / 2) + 2);
        Assert.InRange(DarkColumns(Drawn([0, 1, 0, 1, 0, 0.5, 0.5], [0, 1, 0])).Max(), Size - 4, Size - 1);
    }

    [Fact]
    public void Channels_of_one_unit_share_an_axis_and_channels_of_different_units_do_not()
    {
        Assert.Equal(new ValueRange(-0.1, 2.1), PlotAxes.Fit([Samples.Series([0, 2], [1, 2])]).Channels[1]);
        Assert.NotEqual(PlotAxes.Fit([Samples.Series([0, 2000], [1, 2])]).Channels[0],
            PlotAxes.Fit([Samples.Series([0, 2000], [1, 2])]).Channels[1]);
    }

    [Fact]
    public void The_first_forty_channels_have_colours_of_their_own() =>
        Assert.Equal(ChannelColours.NumDistinct, Enumerable.Range(0, ChannelColours.NumDistinct).Select(ChannelColours.Of).Distinct()
            .Count());

    [Fact]
    public void Small_multiples_draw_each_channel_in_its_own_panel()
    {
        const int size = 336;                                            // a line wide enough for pixels of its pure colour
        var series = Samples.Wave(30, numChannels: 4);
        var plot = new LinePlot(size, ChannelLayout.SmallMultiples, PlotAxes.Fit([series]));
        var rgb = PngImage.Decode(plot.Draw(Downsampler.Shorten(series, DownsamplingMethod.None, 1))).Rgb;
        for (var panel = 0; panel < 4; panel++)
        {
            var colour = ChannelColours.Of(panel);
            var (left, top) = (panel % 2 * size / 2, panel / 2 * size / 2);
            var found = Enumerable.Range(0, size * size)
                .Where(i => (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) == (colour.Red, colour.Green, colour.Blue)).ToArray();
            Assert.NotEmpty(found);
            Assert.All(found, i => Assert.True(i % size >= left && i % size < left + (size / 2) && i / size >= top
                && i / size < top + (size / 2)));
        }
    }

    [Fact]
    public void A_blank_image_is_white_and_drawing_after_it_leaves_no_trace()
    {
        var series = Samples.Wave(30);
        var plot = new LinePlot(Size, ChannelLayout.Overlaid, PlotAxes.Fit([series]));
        var points = Downsampler.Shorten(series, DownsamplingMethod.None, 1);
        var first = plot.Draw(points);
        Assert.All(PngImage.Decode(plot.Blank()).Rgb, part => Assert.Equal(255, part));
        Assert.Equal(first, plot.Draw(points));
    }

    [Fact]
    public void A_reduced_line_covers_each_columns_extremes()
    {
        var columns = new PixelColumns();
        for (var i = 0; i < 100; i++) columns.Add(i / 100f, i == 37 ? 9 : i == 60 ? -9 : 0);
        Assert.Equal([(0f, 0f), (0.37f, 9f), (0.6f, -9f), (0.99f, 0f)], columns.End());
    }

    [Fact]
    public void Damaged_png_bytes_are_an_error()
    {
        var plot = new LinePlot(Size, ChannelLayout.Overlaid, PlotAxes.Fit([Samples.Wave(3)]));
        Assert.Throws<RepresentationException>(() => PngImage.Decode(plot.Blank()[..60]));
        Assert.Throws<RepresentationException>(() => PngImage.Decode([1, 2, 3]));
    }

    private static byte[] Drawn(double[] values, double[] training)
    {
        var plot = new LinePlot(Size, ChannelLayout.Overlaid, PlotAxes.Fit([Samples.Series(training)]));
        return PngImage.Decode(plot.Draw(Downsampler.Shorten(Samples.Series(values), DownsamplingMethod.None, 1))).Rgb;
    }

    private static IEnumerable<int> Dark(byte[] rgb) => Enumerable.Range(0, Size * Size).Where(i => rgb[i * 3] < 200);

    private static int[] DarkRows(byte[] rgb) => NotEmpty([.. Dark(rgb).Select(i => i / Size)]);

    private static int[] DarkColumns(byte[] rgb) => NotEmpty([.. Dark(rgb).Select(i => i % Size)]);

    private static int[] NotEmpty(int[] found)
    {
        Assert.NotEmpty(found);
        return found;
    }
}
