using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Images;
using TsVlm.Representations.Samples;

namespace TsVlm.Representations.Tests;

/// <summary>
/// Every representation takes every series: any three settings of arms, texts, layouts, downsampling and plot sources, and of kinds of
/// image, views, layouts, arms and plot sources, on awkward series.
/// </summary>
public class SampleBatteryTests
{
    private const int ContextLength = 420;

    internal static readonly Dictionary<string, TimeSeries> Awkward = new()
    {
        ["length 1"] = Samples.Series([3]),
        ["length 2"] = Samples.Series([3, -1]),
        ["length 3"] = Samples.Series([1, 2, 0]),
        ["constant"] = Samples.Series(Enumerable.Repeat(0.1, 90).ToArray()),
        ["all missing"] = Samples.Series(Enumerable.Repeat(double.NaN, 60).ToArray()),
        ["missing at the ends"] = Samples.Series([double.NaN, double.NaN, 1, 2, 5, 2, double.NaN]),
        ["missing inside"] = Samples.Series(Enumerable.Range(0, 120).Select(t => t % 3 == 0 ? t * 0.5 : double.NaN).ToArray()),
        ["huge"] = Samples.Wave(100, amplitude: 1e12),
        ["tiny"] = Samples.Wave(100, amplitude: 1e-9),
        ["one channel"] = Samples.Wave(200),
        ["12 channels"] = Samples.Wave(20, numChannels: 12),
        ["two scales, one missing"] =
        Samples.Series([.. Enumerable.Range(0, 50).Select(t => t * 1e6)], [.. Enumerable.Repeat(double.NaN, 50)]),
    };

    public static TheoryData<Arm, TextKind, ChannelLayout, DownsamplingMethod, PlotSource> Representations()
    {
        var data = new TheoryData<Arm, TextKind, ChannelLayout, DownsamplingMethod, PlotSource>();
        foreach (var row in Covering.Triples(Count<Arm>(), Count<TextKind>(), Count<ChannelLayout>(), Count<DownsamplingMethod>(),
            Count<PlotSource>()))
            data.Add((Arm)row[0], (TextKind)row[1], (ChannelLayout)row[2], (DownsamplingMethod)row[3], (PlotSource)row[4]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Representations))]
    public void Every_representation_takes_every_series(Arm arm, TextKind text, ChannelLayout layout, DownsamplingMethod downsampling,
        PlotSource plot)
    {
        var representation = new Representation
        {
            Arm = arm, Text = text, ChannelLayout = layout, Downsampling = downsampling, PlotFrom = plot,
            ContextLength = downsampling is DownsamplingMethod.None ? 5000 : ContextLength + (text > TextKind.Baseline ? 700 : 0),
        };
        foreach (var (name, series) in Awkward)
        {
            // Training on a shorter series of the same channels, and testing on the longer one, must work too.
            var shorter = new TimeSeries(Enumerable.Range(0, series.NumChannels)
                .Select(c => series.Channel(c)[..((series.Length + 1) / 2)].ToArray()));
            foreach (var training in new[] { series, shorter }) Check(name, representation, series, training);
        }
    }

    public static TheoryData<ImageKind, ImageViews, ChannelLayout, Arm, PlotSource> Images()
    {
        var data = new TheoryData<ImageKind, ImageViews, ChannelLayout, Arm, PlotSource>();
        foreach (var row in Covering.Triples(Count<ImageKind>(), Count<ImageViews>(), Count<ChannelLayout>(), Count<Arm>(),
            Count<PlotSource>()))
            data.Add((ImageKind)row[0], (ImageViews)row[1], (ChannelLayout)row[2], (Arm)row[3], (PlotSource)row[4]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Every_kind_of_image_takes_every_series(ImageKind kind, ImageViews views, ChannelLayout layout, Arm arm, PlotSource plot)
    {
        var representation = new Representation
        {
            Image = kind, Views = views, ChannelLayout = layout, Arm = arm, PlotFrom = plot, ContextLength = ContextLength,
                Downsampling = DownsamplingMethod.Lttb,
        };
        foreach (var (name, series) in Awkward)
        {
            var shorter = new TimeSeries(Enumerable.Range(0, series.NumChannels)
                .Select(c => series.Channel(c)[..((series.Length + 1) / 2)].ToArray()));
            var constant = new TimeSeries(Enumerable.Range(0, series.NumChannels).Select(_ => new[] { 0.1, 0.1, 0.1 }));
            foreach (var training in new[] { series, shorter, constant }) Check(name, representation, series, training);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_image_takes_a_very_long_series_and_very_many_channels(ImageKind kind)
    {
        var views = kind.IsField() ? ImageViews.SeriesDifferenceSum : ImageViews.Series;
        var representation = new Representation { Image = kind, Views = views, Arm = Arm.Image };
        var image = Samples.Build(representation, Samples.Wave(300_000)).Image!;
        Assert.Equal(image, Samples.Build(representation, Samples.Wave(300_000)).Image);
        Assert.NotEmpty(Samples.Build(representation, Samples.Wave(30, numChannels: 400)).Image!);
    }

    public static TheoryData<ImageKind> Kinds() => new(Enum.GetValues<ImageKind>());

    private static int Count<T>() where T : struct, Enum => Enum.GetValues<T>().Length;

    private static void Check(string name, Representation representation, TimeSeries series, TimeSeries training)
    {
        var fitted = Samples.Fit(representation, training);
        var stored = JsonSerializer.Deserialize<FittedRepresentation>(JsonSerializer.Serialize(fitted, ContractJson.Indented),
            ContractJson.Indented)!;
        var builder = new SampleBuilder(fitted, Samples.Model());
        var again = new SampleBuilder(stored, Samples.Model());

        var input = builder.Build(series, series);
        var repeated = again.Build(series, series);
        Assert.Equal(input.Prompt, repeated.Prompt);
        Assert.Equal(input.Image, repeated.Image);

        foreach (var answer in builder.Answers) Assert.InRange(Samples.SequenceTokens(input, answer), 1, representation.ContextLength);
        var numImages = !representation.HasImage ? 0 : representation.Image is ImageKind.ZoomMosaic ? Math.Min(series.NumChannels, 24) : 1;
        Assert.True(input.Prompt.Split("<image>").Length - 1 == numImages, $"{name}: {input.Prompt}");
        Assert.EndsWith("ASSISTANT:", input.Prompt, StringComparison.Ordinal);
        Assert.False(input.Prompt.Contains("NaN", StringComparison.Ordinal), $"{name}: {input.Prompt}");
        Assert.Equal(representation.HasImage, input.Image is not null);
        if (input.Image is null) return;
        var (width, height, rgb) = PngImage.Decode(input.Image);
        Assert.Equal((Samples.ImageSize, Samples.ImageSize * numImages, width * height * 3), (width, height, rgb.Length));
    }
}
