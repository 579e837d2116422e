using TsVlm.Contracts;
using TsVlm.Representations.Downsampling;
using TsVlm.Representations.Images;
using TsVlm.Representations.Samples;

namespace TsVlm.Representations.Tests.Images;

public class FieldImageTests
{
    private static readonly ImageKind[] DatasetScaled =
        [ImageKind.RecurrencePlot, ImageKind.UnthresholdedRecurrencePlot, ImageKind.Spectrogram, ImageKind.Scalogram,
        ImageKind.WindowHeatMap, ImageKind.LinePlot, ImageKind.AreaPlot];

    [Fact]
    public void Values_between_points_lie_on_lines_and_the_ends_repeat() =>
        Assert.Equal([2, 2, 3, 4, 4], RegularValues.Of(new DownsampledSeries([0, 1, 3, 4], [[double.NaN, 2, 4, double.NaN]], 5), 0)!);

    [Fact]
    public void Seven_steps_in_three_pieces_are_means_by_share() =>
        Assert.Equal([(1 + 2 + (3 / 3.0)) / (7 / 3.0), ((2 * 3 / 3.0) + 4 + (2 * 5 / 3.0)) / (7 / 3.0), ((5 / 3.0) + 6 + 7) / (7 / 3.0)],
            RegularValues.Aggregated([1, 2, 3, 4, 5, 6, 7], 3), (a, b) => Math.Abs(a - b) < 1e-12);

    [Fact]
    public void The_views_are_the_series_its_difference_and_its_cumulative_sum()
    {
        Assert.Equal([1, 4, 1], FieldImage.View([1, 4, 1], 0));
        Assert.Equal([3, 3, -3], FieldImage.View([1, 4, 1], 1));
        Assert.Equal([-1, 1, 0], FieldImage.View([1, 4, 1], 2));
    }

    /// <summary>A ramp 0 1 2 3 in windows of two, black at 0 and white at 3: rows 0 1, 1 2 and 2 3.</summary>
    [Fact]
    public void A_heat_map_of_windows_is_that_worked_out_by_hand() =>
        GramianFieldTests.Equal(new double[,] { { 0, 1 }, { 1, 2 }, { 2, 3 } }, WindowHeatMap.Of([0, 1, 2, 3], 48));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Amplitude_shows_just_where_a_kind_keeps_the_data_sets_scale(ImageKind kind)
    {
        var representation = new Representation { Image = kind, Arm = Arm.Image };
        var training = Samples.Wave(90, amplitude: 4);
        var (small, large) = (Samples.Build(representation, Samples.Wave(90, amplitude: 1), training),
            Samples.Build(representation, training, training));
        Assert.Equal(!DatasetScaled.Contains(kind), small.Image!.SequenceEqual(large.Image!));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_shows_a_different_series_differently(ImageKind kind)
    {
        var representation = new Representation { Image = kind, Arm = Arm.Image };
        var training = Samples.Wave(90);
        var other = Samples.Series([.. Enumerable.Range(0, 90).Select(t => Math.Sin(t * t * 0.02))]);
        Assert.NotEqual(Samples.Build(representation, training, training).Image!, Samples.Build(representation, other, training).Image!);
    }

    [Fact]
    public void Only_the_training_split_sets_the_scale()
    {
        var fitted = Samples.Fit(new Representation { Image = ImageKind.WindowHeatMap, Views = ImageViews.SeriesDifferenceSum },
            Samples.Series([1, 4, 1]));
        Assert.Equal([new(1, 4), new(-3, 3), new(-1, 1)], fitted.FieldRanges![0]);
    }

    [Fact]
    public void A_grey_image_decodes_to_equal_parts_and_three_views_to_colours()
    {
        var series = Samples.Wave(90);
        Assert.True(IsGrey(Rgb(ImageViews.Series)));
        Assert.False(IsGrey(Rgb(ImageViews.SeriesDifferenceSum)));

        byte[] Rgb(ImageViews views) =>
            PngImage.Decode(Samples.Build(new Representation { Image = ImageKind.WindowHeatMap, Views = views }, series).Image!).Rgb;
        static bool IsGrey(byte[] rgb) =>
            Enumerable.Range(0, rgb.Length / 3).All(i => rgb[3 * i] == rgb[(3 * i) + 1] && rgb[3 * i] == rgb[(3 * i) + 2]);
    }

    [Fact]
    public void A_mosaic_made_for_other_patches_is_refused()
    {
        var fitted = Samples.Fit(new Representation { Image = ImageKind.ZoomMosaic }, Samples.Wave(20));
        Assert.Contains("expected patches of 16 pixels",
            Assert.Throws<RepresentationException>(() => new SampleBuilder(fitted, Samples.Model() with { PatchSize = 8 })).Message);
    }

    /// <summary>A training axis of -1.1 to 1.1 has zero in the middle: a constant 0.5 is filled down to it, and no further.</summary>
    [Fact]
    public void An_area_plot_fills_what_lies_between_line_and_zero()
    {
        var representation = new Representation { Image = ImageKind.AreaPlot, Arm = Arm.Image };
        var rgb = PngImage.Decode(Samples.Build(representation, Samples.Series([0.5, 0.5]), Samples.Series([-1, 1])).Image!).Rgb;
        int[] filled = [.. Enumerable.Range(0, Samples.ImageSize).Where(row => rgb[((row * Samples.ImageSize) + 24) * 3] < 200)];
        Assert.InRange(filled.Min(), 10, 14);
        Assert.InRange(filled.Max(), 22, 24);
        Assert.Equal(filled.Max() - filled.Min() + 1, filled.Length);
    }

    public static TheoryData<ImageKind> Kinds() => new(Enum.GetValues<ImageKind>());
}
