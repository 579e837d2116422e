using System.Diagnostics;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Planning;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Benchmarks;

/// <summary>
/// Time of a training step, and its share of what matrix products alone reach on the device: of the embedded model by the preset quick, or
/// of the true LLaVA-1.5-7B shape by the paper's recipe, with weights made on the spot.
/// </summary>
public static class TrainingStep
{
    private const int NumWarmup = 3;
    private const int NumAnswerTokens = 2;

    /// <summary>Trains on made-up samples and prints medians.</summary>
    /// <param name="size"><c>tiny</c> or <c>7b</c>.</param>
    /// <param name="device">As in <see cref="ComputeDevice.Names"/>.</param>
    /// <param name="numThreads">Threads of the tensor library.</param>
    /// <param name="numAtOnce">Trainings at the same time in this process.</param>
    public static void Run(string size, string device, int numThreads, int numAtOnce)
    {
        TorchRuntime.ShareTheMachine(numAtOnce);
        var chosen = ComputeDevice.Open(device);
        var (config, recipe, sequence, numSteps) = size == "7b"
            ? (Llava7BForward.Config,
                new Recipe { Precision = Precision.BFloat16, GradientCheckpointing = true, GradientAccumulation = 1, Epochs = 1 }, 1024, 10)
            : (LlavaConfig.Read(ModelFolder.Open("tiny").Path), Quick, 176, 60);
        var samples = Samples(config, sequence, recipe.MicroBatchSize * numSteps / (int)recipe.Epochs);
        var plan = TrainingPlan.Of(config, recipe, TrainingSize.Of(samples, numValidation: 0));
        if (plan.Refusal(chosen.Name, DeviceMemory.Available(chosen)) is { } refusal) throw new FineTuningException(refusal);
        var peak = ComputeSpeed.Measure(chosen, recipe.Precision, numThreads);
        var times = new List<double>[numAtOnce];
        Parallel.For(0, numAtOnce, new ParallelOptions { MaxDegreeOfParallelism = numAtOnce }, i =>
        {
            using var model = new Llava(config, ModelOptions.ForTraining(recipe, seed: 0, chosen));
            if (size == "7b") Llava7BForward.Fill(model);
            else model.InitialiseWeights(0);
            times[i] = StepTimes(model, new BatchFormat(Images(config), PadId: 0, model.Device), recipe, samples, numThreads);
        });
        var seconds = times.SelectMany(own => own.Skip(NumWarmup)).Order().ToList();
        var median = seconds[seconds.Count / 2];
        var operations = plan.Operations / plan.NumSteps;
        Console.WriteLine(FormattableString.Invariant(
            $"{size} on {chosen.Name}, {numThreads} threads, {numAtOnce} at once: ")
            + FormattableString.Invariant(
            $"{1000 * median:0.0} ms a step ({1000 * seconds[0]:0.0} to {1000 * seconds[^1]:0.0}), {recipe.MicroBatchSize / median:0.0} samples/s, ")
            + FormattableString.Invariant(
                $"{recipe.MicroBatchSize * sequence / median:0} tokens/s; {operations / median / 1e9:0} of {peak / 1e9:0} GFLOP/s, ")
            + FormattableString.Invariant(
                $"{operations / median / peak:P0} of the products' speed; memory planned {TrainingPlan.Gigabytes(plan.Memory.Total)}"));
    }

    private static Recipe Quick => new()
    {
        Trained = TrainedPart.ProjectorAndLanguageModel, MicroBatchSize = 4, GradientAccumulation = 1, LearningRate = 1e-4,
            ProjectorLearningRate = 1e-4, Epochs = 2,
    };

    private static List<double> StepTimes(Llava model, BatchFormat format, Recipe recipe, IReadOnlyList<EncodedSample> samples, int numThreads)
    {
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        var callbacks = new FineTuningCallbacks
        {
            Progress = _ =>
            {
                times.Add(watch.Elapsed.TotalSeconds);
                watch.Restart();
            },
        };
        new FineTuner(model, format, recipe, seed: 0, numThreads, TimeProvider.System).Run(samples, [], callbacks, null,
            CancellationToken.None);
        return times;
    }

    private static List<EncodedSample> Samples(LlavaConfig config, int sequence, int count)
    {
        var (random, side) = (new Random(0), config.Vision.ImageSize);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            int[] ids = [.. Enumerable.Range(0, sequence)
                .Select(i => i is > 2 && i <= 2 + config.NumImageTokens ? config.ImageTokenId : 5 + random.Next(1000))];
            int[] targets = [.. ids.Select((id, i) => i >= sequence - NumAnswerTokens ? id : ConversationEncoding.IgnoredTarget)];
            var image = new byte[side * side * 3];
            random.NextBytes(image);
            return new EncodedSample(number, ids, targets, [image]);
        })];
    }

    private static ImageProcessor Images(LlavaConfig config) =>
        ImageProcessor.Parse(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""
        { "size": {{config.Vision.ImageSize}}, "crop_size": {{config.Vision.ImageSize}}, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5] }
        """)), "benchmark");
}
