using BenchmarkDotNet.Attributes;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;

namespace TsVlm.Benchmarks;

/// <summary>
/// Classification of 16 samples, image and text, by the embedded model: what 60 classes cost beside 2. The samples
/// are the same in every row; images are decoded, and every answer is scored whole.
/// </summary>
[SimpleJob(warmupCount: 2, iterationCount: 15)]
[MedianColumn]
public class AnswerScoringBenchmark
{
    private const int NumSamples = 16;
    private const int NumClasses = 60;
    private static readonly string[] Kinds = ["slow", "steady", "sudden"];
    private static readonly string[] Names =
    [
        "Apple", "Bone", "Bottle", "Butterfly", "Camel", "Car", "Carriage", "Cattle", "Chicken", "Children", "Chopper", "Comma", "Crown",
        "Cup", "Deer",
        "Dog", "Elephant", "Face", "Fish", "Flatfish", "Fly", "Fork", "Fountain", "Frog", "Glass", "Guitar", "Hammer", "Hat", "Heart",
        "Horse",
        "Horseshoe", "Jar", "Key", "Lizard", "Octopus", "Pencil", "Pocket", "Rat", "Ray", "Sea snake", "Shoe", "Spoon", "Spring", "Teddy",
        "Traffic",
        "Tree", "Truck", "Turtle", "Watch", "Window", "Wheel", "Whale", "Wing", "Wolf", "Wave", "Yacht", "Zebra", "Zip", "Bell", "Cylinder",
    ];

    private Llava? model;
    private AnswerClassifier? classifier;
    private SampleInput[] inputs = [];
    private string[] answers = [];

    /// <summary><c>0</c> to <c>59</c>; labels of several words that share beginnings; names that share next to nothing.</summary>
    [Params("numbers", "words", "names")]
    public string Labels { get; set; } = "";

    /// <summary>
    /// Steps of a series: 92 make prompts of the preset quick's length, 546 as many tokens as LLaVA-1.5's shortest prompts, whose image
    /// alone has 576.
    /// </summary>
    [Params(92, 546)]
    public int Steps { get; set; }

    [GlobalSetup]
    public void Make()
    {
        TorchRuntime.ShareTheMachine();
        var folder = ModelFolder.Open("tiny");
        model = ModelStart.Create(folder, new ModelOptions());
        model.eval();
        classifier = new AnswerClassifier(model, new SampleEncoding(folder), Environment.ProcessorCount);
        answers = [.. Enumerable.Range(0, NumClasses).Select(Answer)];

        var representation = new Representation
        {
            ContextLength = 1024, Downsampling = DownsamplingMethod.None, Numbers = new NumberFormat { Digits = 1 },
                Answers = AnswerFormat.Index,
        };
        TimeSeries[] series = [.. Enumerable.Range(0, NumSamples).Select(i => DataGenerationSeries.Make(i, length: Steps, numChannels: 1))];
        var builder = new SampleBuilder(FittedRepresentation.Fit(representation, folder.Inputs, ["a", "b"], series), folder.Inputs);
        inputs = [.. series.Select(builder.Build)];
        Console.WriteLine($"// Tokens of a sample: {inputs.Min(builder.CountTokens)} to {inputs.Max(builder.CountTokens)}");
    }

    [GlobalCleanup]
    public void Release() => model?.Dispose();

    [Benchmark(Baseline = true)]
    public double[][] TwoClasses() => classifier!.Probabilities(inputs, answers[..2]);

    [Benchmark]
    public double[][] SixtyClasses() => classifier!.Probabilities(inputs, answers);

    private string Answer(int i) => Labels switch
    {
        "numbers" => $"{i}",
        "words" => $"{Kinds[i % Kinds.Length]} rise of kind {i}",
        _ => Names[i],
    };
}
