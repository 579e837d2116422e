using System.CommandLine;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Models;
using TsVlm.Pretraining;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm pretrain</c>: makes the embedded model.</summary>
internal static class PretrainCommand
{
    public static Command Create()
    {
        var defaultValue = new PretrainingSettings();
        var model = SharedOptions.Model();
        model.Description = "The model whose sizes, tokenizer and image preprocessing are taken; its weights with --part answers or --keep-weights.";
        var output = new Option<string>("--out") { HelpName = "DIR", Required = true,
            Description = "Folder of the pretrained model; an unfinished one there is continued." };
        var steps = NumberOptions.Whole("--steps", "Steps of the optimizer.", defaultValue.NumSteps, 1, PretrainingSettings.MaxSteps);
        var batch = NumberOptions.Whole("--batch", "Series in a step, each drawn anew.", defaultValue.BatchSize, 1,
            PretrainingSettings.MaxBatchSize);
        var components = NumberOptions.Whole("--components", "Numbers in which the teacher describes a series.", defaultValue.NumComponents,
            1, PretrainingSettings.MaxComponents);
        var seed = NumberOptions.Whole("--seed", "Seed of the series, the teacher and the first weights.", defaultValue.Seed, 0,
            int.MaxValue);
        var learningRate = NumberOptions.Real(
            "--learning-rate", "Highest learning rate.", defaultValue.LearningRate, PretrainingSettings.MinLearningRate,
            PretrainingSettings.MaxLearningRate);
        var part = new Option<string>("--part")
        {
            HelpName = "tower|answers", DefaultValueFactory = _ => "tower",
            Description = "What learns: the vision tower, from random weights, or projector and decoder, above the pretrained tower in --model.",
        };
        part.AcceptOnlyFromAmong("tower", "answers");
        var noDescriptions = new Option<bool>("--no-descriptions")
        {
            Description = "With --part answers: does not learn to describe series in words, which takes every second step.",
        };
        var keepWeights = new Option<bool>("--keep-weights")
        {
            Description = "With --part tower: the tower learns on from --model's weights, rather than from random ones.",
        };
        var device = SharedOptions.Device();
        var command = new Command("pretrain",
            "Pretrains a model on synthetic series, with no data set and no label.\n\n"
            + "From a zoom mosaic of each series (docs/images.md) the model learns to tell what MiniRocket's and Hydra's features say of the series itself: first\n"
            + "its vision tower, from random weights of the sizes in --model's config.json; then, with --part answers and the first's folder as --model, projector\n"
            + "and decoder, to carry it to the answer, to read statistics from the prompt and to describe series in words (tsvlm describe).\n"
            + "Ctrl-C stops after a snapshot; the same command goes on from there to the same bits.\n"
            + "The folder is a model for --model.\n\n"
            + "Example:\n  tsvlm pretrain --out my-tower --steps 4000\n"
            + "  tsvlm pretrain --model my-tower --part answers --out my-model --steps 4000 --learning-rate 5e-4 --seed 1")
        {
            model, output, steps, batch, components, learningRate, part, noDescriptions, keepWeights, seed, device,
        };
        command.Run((parsed, cancellationToken) =>
        {
            var start = ModelFolder.Open(parsed.GetValue(model)!);
            var settings = defaultValue with
            {
                Part = parsed.GetValue(part) is "answers" ? PretrainedPart.Answers : PretrainedPart.Tower,
                Start = parsed.GetValue(part) is "answers" || parsed.GetValue(keepWeights) ? start.ContentHash : null,
                Descriptions = parsed.GetValue(part) is "answers" && !parsed.GetValue(noDescriptions),
                NumSteps = parsed.GetValue(steps),
                BatchSize = parsed.GetValue(batch),
                NumComponents = parsed.GetValue(components),
                LearningRate = parsed.GetValue(learningRate),
                Seed = parsed.GetValue(seed),
            };
            return Task.FromResult(
                Run(start, settings, parsed.GetValue(output)!, ComputeDevice.Open(parsed.GetValue(device)!), cancellationToken));
        });
        return command;
    }

    private static int Run(ModelFolder start, PretrainingSettings settings, string output, ComputeDevice device,
        CancellationToken cancellationToken)
    {
        var folder = new PretrainedFolder(output, start, settings);
        if (folder.IsFinished)
        {
            AnsiConsole.MarkupLineInterpolated($"{output} holds this very pretraining, finished.");
            return 0;
        }
        WritableFolder.Require(output, "--out");
        var pretraining = new ModelPretraining(start, settings, Environment.ProcessorCount, TimeProvider.System);
        using var model = pretraining.CreateModel(device);
        var callbacks = new FineTuningCallbacks
        {
            Progress = at =>
            {
                if (at.Step.ValidationLoss is not { } loss) return;
                var left = TimeSpan.FromSeconds((at.NumSamples - at.SamplesDone) / at.SamplesPerSecond);
                AnsiConsole.WriteLine(FormattableString.Invariant(
                    $"step {at.Step.Step + 1} of {at.NumSteps} · loss {at.Step.Loss:0.000} · validation {loss:0.000} · ")
                    + FormattableString.Invariant($"{at.SamplesPerSecond:0} series/s · {left:h\\:mm\\:ss} left"));
            },
            Snapshot = folder.Save,
        };
        var result = pretraining.Run(model, callbacks, folder.Snapshot, cancellationToken);
        folder.Finish(model, result);
        AnsiConsole.MarkupLineInterpolated($"Pretrained model: {output} (validation {result.BestValidationLoss:0.000})");
        return 0;
    }
}
