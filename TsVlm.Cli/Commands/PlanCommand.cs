using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Planning;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm plan</c>: what the training of each scenario would take, before it starts.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var data = SharedOptions.Data();
        var scenarios = SharedOptions.Scenarios();
        var model = SharedOptions.Model();
        var device = SharedOptions.Device();
        var dataset = SharedOptions.OneDataset("Data set to plan for; the first one where none is named.");
        var command = new Command("plan",
            "States what the training of each scenario takes: weights, memory by part, tokens, steps and about how long; and what to change where it does not\n"
            + "fit the device. Weights are not loaded, only the model's config.json and tokenizer are. Exit code 0 only when every scenario fits.\n\n"
            + "Examples:\n  tsvlm plan\n  tsvlm plan --model llava-1.5-7b-hf --scenarios paper --data archive --dataset GunPoint --device cuda")
        {
            model, scenarios, data, dataset, device,
        };
        command.Run((parsed, cancellationToken) =>
        {
            var catalog = new DatasetCatalog(parsed.GetValue(data));
            var folder = ModelFolder.Open(parsed.GetValue(model)!);
            var grid = GridExpansion.Of(ScenarioPresets.Open(parsed.GetValue(scenarios)!));
            var opened = catalog.Open(parsed.GetValue(dataset) ?? catalog.First);
            return Task.FromResult(Print(grid.Scenarios, opened, folder, ComputeDevice.Open(parsed.GetValue(device)!), cancellationToken));
        });
        return command;
    }

    private static int Print(IReadOnlyList<Scenario> scenarios, Dataset dataset, ModelFolder folder, ComputeDevice device,
        CancellationToken cancellationToken)
    {
        var config = LlavaConfig.Read(folder.Path);
        WarnOfWeights(folder, scenarios);
        var available = DeviceMemory.Available(device);
        var amount = available is { } bytes ? TrainingPlan.Gigabytes(bytes) : "an unknown amount";
        AnsiConsole.MarkupLineInterpolated(
            $"[bold]{folder.Name}[/] on [bold]{dataset.Name}[/], device {device.Name}: {amount} of memory available");
        string[] numbers =
            ["weights", "trained", "tokens", "steps", "weights GB", "gradients", "optimizer", "best", "activations", "images", "total GB",
            "about"];
        var table = new FittedTable([new("scenario"), .. numbers.Select(name => new FittedColumn(name, IsNumber: true))]);
        if (StandardSplit.Note(dataset) is { } note) AnsiConsole.MarkupLineInterpolated($"[yellow]note:[/] {note}");
        var split = StandardSplit.Of(dataset);
        var speeds = new Dictionary<Precision, double>();
        var refusals = new List<(string Kind, string Reason)>();
        foreach (var scenario in scenarios)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TrySizeOf(scenario.Representation, dataset, folder, split, out var problem) is not { } size)
            {
                refusals.Add(("not possible", $"{scenario.Name}: {problem}"));
                continue;
            }
            var plan = TrainingPlan.Of(config, scenario.Recipe, size);
            if (!speeds.TryGetValue(scenario.Recipe.Precision, out var speed))
                speeds[scenario.Recipe.Precision] = speed =
                    ComputeSpeed.Measure(device, scenario.Recipe.Precision, Environment.ProcessorCount);
            AddRow(table, scenario.Name, plan, plan.Seconds(speed));
            if (plan.Refusal(device.Name, available) is { } refusal) refusals.Add(("does not fit", $"{scenario.Name}: {refusal}"));
        }
        table.Write(AnsiConsole.Console);
        AnsiConsole.WriteLine("Tensors alone: the process itself takes about 0.2 GB more, and an allocator keeps some of what was freed.");
        AnsiConsole.WriteLine("Time counts every sequence as the longest, and steps and time of a refit are those of all epochs.");
        foreach (var (kind, reason) in refusals) AnsiConsole.MarkupLineInterpolated($"[red]{kind}[/] {reason}");
        return refusals.Count == 0 ? 0 : CommandErrors.Failed;
    }

    /// <summary>
    /// Weights may be missing here: a plan is often made before they are downloaded. What tsvlm run would refuse is said.
    /// </summary>
    private static void WarnOfWeights(ModelFolder folder, IReadOnlyList<Scenario> scenarios)
    {
        try
        {
            ModelStart.Check(folder, [.. scenarios.Select(scenario => scenario.Recipe)]);
        }
        catch (Exception error) when (error is CheckpointException or RepresentationException)
        {
            AnsiConsole.MarkupLineInterpolated($"[yellow]tsvlm run would refuse this model:[/] {error.Message}");
        }
    }

    /// <summary>What the training is of; null where data generation would refuse the scenario.</summary>
    private static TrainingSize? TrySizeOf(Representation representation, Dataset dataset, ModelFolder folder, DatasetSplit split,
        out string? problem)
    {
        try
        {
            problem = null;
            return SizeOf(representation, dataset, folder, split);
        }
        catch (RepresentationException error)
        {
            problem = error.Message;
            return null;
        }
    }

    private static TrainingSize SizeOf(Representation representation, Dataset dataset, ModelFolder folder, DatasetSplit split)
    {
        var training = split.Train.Select(i => dataset.Cases[i].Series).ToList();
        var fitted = FittedRepresentation.Fit(representation, folder.Inputs, dataset.Classes, training, dataset.ClassTexts);
        var builder = new SampleBuilder(fitted, folder.Inputs);
        var (encoding, input) = (new SampleEncoding(folder), builder.Build(training[0], training[0]));
        var longestAnswer = builder.Answers.Max(answer => encoding.AnswerTokens(input, answer).Length)
            + (representation.Rationale?.MaxTokens ?? 0);
        return new(training.Count, split.Validation.Count, fitted.LongestSequence, longestAnswer,
            representation.HasImage ? fitted.Images.Count : 0);
    }

    private static void AddRow(FittedTable table, string name, TrainingPlan plan, double seconds)
    {
        var memory = plan.Memory;
        table.AddRow(Markup.Escape(name), Count(plan.NumParameters), Count(plan.NumTrained), Number(plan.Sequence), Number(plan.NumSteps),
            Gigabytes(memory.Weights), Gigabytes(memory.Gradients), Gigabytes(memory.Optimizer), Gigabytes(memory.BestWeights),
            Gigabytes(memory.Activations),
            Gigabytes(memory.ImageStates), Gigabytes(memory.Total),
            Duration(TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2))));
    }

    private static string Count(long number) => number >= 1_000_000_000
        ? FormattableString.Invariant($"{number / 1e9:0.00} G") : FormattableString.Invariant($"{number / 1e6:0.00} M");

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan time) => time.TotalDays >= 1 ? FormattableString.Invariant($"{time.TotalDays:0.0} d")
        : time.TotalHours >= 1 ? FormattableString.Invariant($"{time.TotalHours:0.0} h") : time.TotalMinutes >= 1
        ? FormattableString.Invariant($"{time.TotalMinutes:0} min")
        : FormattableString.Invariant($"{time.TotalSeconds:0} s");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
