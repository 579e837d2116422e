using System.Text.Json;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.Serving.Tests;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;
using TsVlm.VisionLanguage.Probing;

[assembly: AssemblyFixture(typeof(TrainedModels))]
// The tests share the cores with the tensor library.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace TsVlm.Serving.Tests;

/// <summary>
/// Folders of trained models, made once for all tests: a probe on the embedded model's vision tower, the same for three channels, and a small
/// model of Hugging Face's form that answers. Their weights are as they were at the start, a probe's are drawn.
/// </summary>
public sealed class TrainedModels : IDisposable
{
    private static readonly string[] Classes = ["falling", "flat, \"steady\"", "rising"];
    private readonly TemporaryFolder folder = new();

    public TrainedModels()
    {
        var tiny = ModelFolder.Open("tiny");
        Representation mosaic = new() { Arm = Arm.Image, Image = ImageKind.ZoomMosaic, ContextLength = 512, Answers = AnswerFormat.Index };
        Write("probe", tiny, "tiny", mosaic, new() { ReadOut = ReadOut.TowerProbe, Epochs = 0 }, numChannels: 1);
        Write("channels", tiny, "tiny", mosaic with { ContextLength = 2048 }, new() { ReadOut = ReadOut.TowerProbe, Epochs = 0 }, numChannels: 3);
        var small = ModelFolder.Open(TestFolders.Fixture("llava-tiny"));
        Write("answers", small, small.Path, new() { ContextLength = 250 }, new() { Epochs = 0 }, numChannels: 1);
    }

    /// <summary>A probe that reads series of one channel.</summary>
    internal string Probe => folder.File("probe");

    /// <summary>A probe that reads series of three channels.</summary>
    internal string Channels => folder.File("channels");

    /// <summary>A model whose answers are scored.</summary>
    internal string Answers => folder.File("answers");

    /// <summary>Random walks, each of another length.</summary>
    internal static TimeSeries Walk(int number, int numChannels = 1, int? length = null)
    {
        var random = new Random(number);
        var steps = length ?? 20 + (number * 7 % 40);
        return new(Enumerable.Range(0, numChannels).Select(_ => Walk(random, steps)));
    }

    public void Dispose() => folder.Dispose();

    private static double[] Walk(Random random, int length)
    {
        var (values, level) = (new double[length], 0.0);
        for (var t = 0; t < length; t++) values[t] = level += random.NextDouble() - 0.5;
        return values;
    }

    private void Write(string name, ModelFolder start, string location, Representation representation, Recipe recipe, int numChannels)
    {
        var scenario = new Scenario { Name = name, Representation = representation, Recipe = recipe };
        var run = new RunSpec
        {
            Dataset = new("Walks", "0"),
            Split = new("official", 0),
            Seed = 3,
            FineTuned = new(scenario, new(start.Name, location, start.ContentHash)),
        };
        var fitted = FittedRepresentation.Fit(representation, start.Inputs, Classes, [.. Enumerable.Range(0, 8).Select(i => Walk(i, numChannels))]);
        using var probe = recipe.ReadOut is ReadOut.Answer ? null : DrawnProbe(start, fitted, recipe.ReadOut, numChannels);
        CheckpointFolder.Write(folder.File(name), model: null, start, run, probe);
        File.WriteAllBytes(folder.File($"{name}/fitted.json"), JsonSerializer.SerializeToUtf8Bytes(fitted, ContractJson.Indented));
    }

    private static LinearProbe DrawnProbe(ModelFolder start, FittedRepresentation fitted, ReadOut readOut, int numChannels)
    {
        using var model = ModelStart.Create(start, new());
        var sample = new SampleEncoding(start).EncodeForProbe(0, new SampleBuilder(fitted, start.Inputs).Build(Walk(0, numChannels)), target: 0);
        var numFeatures = new ProbeReading(model, readOut).Parts(sample).Sizes.Sum();
        var random = new Random(5);
        double[] weights = [.. Enumerable.Range(0, numFeatures * Classes.Length).Select(_ => random.NextDouble() - 0.5)];
        return new LinearProbe(weights, new double[Classes.Length], 0.2, ComputeDevice.Cpu.Device);
    }
}
