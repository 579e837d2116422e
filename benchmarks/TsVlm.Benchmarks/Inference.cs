using System.Diagnostics;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Scoring;
using static TorchSharp.torch;

namespace TsVlm.Benchmarks;

/// <summary>
/// Prompts with an image, and the tokens that follow, one at a time with a cache: of the embedded model, or of the true LLaVA-1.5-7B shape.
/// </summary>
public static class Inference
{
    private const int NumPrompts = 4;
    private const int NumNewTokens = 32;
    private const int NumWarmup = 3;
    private const int NumRepetitions = 10;

    /// <summary>Prints medians; <c>benchmarks/huggingface/step.py</c> does the same by Hugging Face.</summary>
    /// <param name="size"><c>tiny</c> or <c>7b</c>.</param>
    /// <param name="device">As in <see cref="ComputeDevice.Names"/>.</param>
    public static void Run(string size, string device)
    {
        TorchRuntime.ShareTheMachine();
        set_num_threads(Environment.ProcessorCount);
        using var scope = NewDisposeScope();
        var chosen = ComputeDevice.Open(device);
        var (config, precision, sequence) = size == "7b"
            ? (Llava7BForward.Config, Precision.BFloat16, 1024)
            : (LlavaConfig.Read(ModelFolder.Open("tiny").Path), Precision.Float32, 176);
        using var model = new Llava(config, new ModelOptions { Precision = precision, Device = chosen.Device });
        if (size == "7b") Llava7BForward.Fill(model);
        else model.InitialiseWeights(0);

        var (ids, images) = Prompts(config, sequence, model.Device);
        var mask = ones_like(ids);
        var (prompts, tokens) = (new List<double>(), new List<double>());
        for (var i = 0; i < NumWarmup + NumRepetitions; i++)
        {
            var prompt = Seconds(() => Generation.Greedy(model, ids, mask, images, 1, endTokenId: null));
            var whole = Seconds(() => Generation.Greedy(model, ids, mask, images, 1 + NumNewTokens, endTokenId: null));
            if (i < NumWarmup) continue;
            prompts.Add(prompt);
            tokens.Add(whole - prompt);
        }
        Report($"{size}, prompts", prompts, NumPrompts * sequence, chosen);
        Report($"{size}, new tokens", tokens, NumPrompts * NumNewTokens, chosen);
    }

    private static (Tensor Ids, Tensor Images) Prompts(LlavaConfig config, int sequence, Device device)
    {
        var random = new Random(0);
        long[] ids = [.. Enumerable.Range(0, NumPrompts * sequence).Select(i =>
            i % sequence is > 2 and var place && place <= 2 + config.NumImageTokens ? config.ImageTokenId : 5L + random.Next(1000))];
        using var generator = new Generator(1);
        var side = config.Vision.ImageSize;
        return (tensor(ids, [NumPrompts, sequence]).to(device), rand([NumPrompts, 3, side, side], generator: generator).to(device));
    }

    // The tokens are read on the CPU, so the device has finished when this returns.
    private static double Seconds(Func<IReadOnlyList<int[]>> work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Report(string what, List<double> seconds, int numTokens, ComputeDevice device)
    {
        var ordered = seconds.Order().ToList();
        var median = ordered[ordered.Count / 2];
        Console.WriteLine(FormattableString.Invariant(
            $"{what} on {device.Name}: {1000 * median:0.0} ms ({1000 * ordered[0]:0.0} to {1000 * ordered[^1]:0.0}), {numTokens / median:0} tokens/s"));
    }
}
