using TsVlm.Baselines;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.VisionLanguage;
using static TorchSharp.torch;

namespace TsVlm.Benchmarks;

/// <summary>A ridge regression on what a model's vision tower makes of zoom mosaics: how much a frozen tower knows, with nothing fine-tuned.</summary>
public static class TowerProbe
{
    private const int ImagesAtOnce = 64;

    /// <summary>Fits on the training series and predicts the test series.</summary>
    /// <param name="modelFolder">The model; one without weights is drawn at random.</param>
    /// <param name="training">Labelled series.</param>
    /// <param name="test">Series to classify.</param>
    /// <param name="classes">Every class.</param>
    public static IReadOnlyList<string> Predict(string modelFolder, IReadOnlyList<LabelledSeries> training, IReadOnlyList<TimeSeries> test, IReadOnlyList<string> classes)
    {
        set_num_threads(Environment.ProcessorCount);
        var folder = ModelFolder.Open(modelFolder);
        using var model = ModelStart.Create(folder, new ModelOptions());
        model.eval();
        var representation = new Representation { Arm = Arm.Image, Image = ImageKind.ZoomMosaic, Answers = AnswerFormat.Index };
        TimeSeries[] series = [.. training.Select(labelled => labelled.Series)];
        var builder = new SampleBuilder(FittedRepresentation.Fit(representation, folder.Inputs, classes, series), folder.Inputs);
        var encoding = new SampleEncoding(folder);
        int[] targets = [.. training.Select(labelled => classes.ToList().IndexOf(labelled.Label))];
        var ridge = RidgeClassifier.Fit(Features(model, encoding, builder, series), targets, classes.Count);
        return [.. ridge.Decide(Features(model, encoding, builder, test)).Select(decision => classes[RidgeClassifier.ClassOf(decision)])];
    }

    private static List<float[]> Features(Llava model, SampleEncoding encoding, SampleBuilder builder, IReadOnlyList<TimeSeries> series)
    {
        var features = new List<float[]>();
        foreach (var portion in series.Chunk(ImagesAtOnce))
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var pixels = encoding.Images.ToTensor([.. portion.Select(one => encoding.EncodePrompt(builder.Build(one)).Image!)])!;
            var summary = model.VisionSummary(pixels).flatten(1).cpu();
            features.AddRange(summary.data<float>().ToArray().Chunk((int)summary.shape[1]));
        }
        return features;
    }
}
