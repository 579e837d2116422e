using BenchmarkDotNet.Attributes;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;

namespace TsVlm.Benchmarks;

/// <summary>Time of one sample, text and PNG at 336 px, on one thread.</summary>
[ShortRunJob]
[MemoryDiagnoser]
public class DataGenerationBenchmark
{
    private SampleBuilder? builder;
    private TimeSeries? series;

    [Params(150, 1000)]
    public int Length { get; set; }

    [Params(1, 6)]
    public int NumChannels { get; set; }

    [GlobalSetup]
    public void Fit()
    {
        series = DataGenerationSeries.Make(seed: 0, Length, NumChannels);
        builder = DataGenerationSeries.Builder(series);
    }

    [Benchmark]
    public SampleInput OneSample() => builder!.Build(series!);
}

/// <summary>Time of one sample of each kind of image, text and PNG at 336 px, on one thread.</summary>
[ShortRunJob]
[MemoryDiagnoser]
public class ImageKindBenchmark
{
    private SampleBuilder? builder;
    private TimeSeries? series;

    [ParamsSource(nameof(Kinds))]
    public (ImageKind Image, ImageViews Views) Kind { get; set; }

    public static IEnumerable<(ImageKind, ImageViews)> Kinds() =>
        from views in Enum.GetValues<ImageViews>() from kind in Enum.GetValues<ImageKind>() where views is ImageViews.Series
        || kind.IsField() select (kind, views);

    [Params(150, 1000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Fit()
    {
        series = DataGenerationSeries.Make(seed: 0, Length, numChannels: 1);
        builder = DataGenerationSeries.Builder(series, new Representation { Image = Kind.Image, Views = Kind.Views });
    }

    [Benchmark]
    public SampleInput OneSample() => builder!.Build(series!);
}

/// <summary>Noisy waves and a builder for them, with the paper's text and image size.</summary>
internal static class DataGenerationSeries
{
    public static TimeSeries Make(int seed, int length, int numChannels)
    {
        var random = new Random(seed);
        return new TimeSeries(Enumerable.Range(0, numChannels).Select(c =>
            Enumerable.Range(0, length).Select(t => Math.Sin((t * 0.05) + c) + (0.3 * random.NextDouble())).ToArray()));
    }

    // Characters over two stand for tokens: the model's tokenizer is measured by itself.
    public static SampleBuilder Builder(TimeSeries training, Representation? representation = null)
    {
        var model = new ModelInputs(336, 14, 576, ConversationTemplate.V1, text => text.Length / 2);
        return new SampleBuilder(FittedRepresentation.Fit(representation ?? new Representation(), model, ["1", "2"], [training]), model);
    }
}
