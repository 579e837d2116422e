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

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm scenarios</c>: the expanded grid, with the token budget of each scenario for one data set.</summary>
internal static class ScenariosCommand
{
    public static Command Create()
    {
        var grid = new Argument<string>("PRESET|FILE")
        {
            Description = $"A preset ({string.Join(", ", ScenarioPresets.Names)}), or a grid file.",
            DefaultValueFactory = _ => "quick",
        };
        var dataset = SharedOptions.OneDataset("Data set to work the token budget out for; the first one where none is named.");
        var (data, model) = (SharedOptions.Data(), SharedOptions.Model());
        var command = new Command("scenarios",
            "Prints the scenarios of a preset or grid file, and what each would need of the context for one data set.\n\n"
            + "Examples:\n  tsvlm scenarios paper\n  tsvlm scenarios my-grid.json --data archive --dataset GunPoint")
        {
            grid, dataset, data, model,
        };
        command.Run((parsed, cancellationToken) =>
        {
            var catalog = new DatasetCatalog(parsed.GetValue(data));
            var name = parsed.GetValue(dataset) ?? catalog.First;
            return Task.FromResult(
                Print(ScenarioPresets.Open(parsed.GetValue(grid)!), catalog.Open(name), ModelFolder.Open(parsed.GetValue(model)!),
                    cancellationToken));
        });
        return command;
    }

    private static int Print(ScenarioGrid grid, Dataset dataset, ModelFolder model, CancellationToken cancellationToken)
    {
        using var progress = WorkProgress.OnError();
        var expansion = GridExpansion.Of(grid, done => progress.Report($"expanding the grid, combination {done}"));
        var table = new FittedTable(
            new("scenario"), new("arm"), new("image"), new("text"), new("downsampling"),
            new("factor", IsNumber: true), new("longest", IsNumber: true), new("context", IsNumber: true), new("trained", IsNumber: true),
            new("epochs", IsNumber: true));
        var split = StandardSplit.Of(dataset);
        var training = split.Train.Select(i => dataset.Cases[i].Series).ToList();
        var refusals = new List<(string Scenario, string Reason)>();
        // scenarios that differ in the recipe alone share one
        var budgets = new Dictionary<Representation, (int? Factor, int Longest, string? Refusal)>();
        foreach (var (index, scenario) in expansion.Scenarios.Index())
        {
            progress.Report($"scenario {index + 1} of {expansion.Scenarios.Count}");
            cancellationToken.ThrowIfCancellationRequested();
            if (!budgets.TryGetValue(scenario.Representation, out var budget))
                budgets[scenario.Representation] = budget = Budget(scenario, dataset, model, training);
            if (budget.Refusal is { } refusal) refusals.Add((scenario.Name, refusal));
            AddRow(table, scenario, model, budget.Factor, budget.Longest);
        }
        progress.Report($"laying out {expansion.Scenarios.Count} rows");
        table.Write(AnsiConsole.Console, () =>
        {
            progress.Dispose();
            WriteHead(grid, expansion, dataset, model);
        });
        if (refusals.Count == 0) return 0;
        foreach (var reason in refusals.GroupBy(refusal => refusal.Reason, refusal => refusal.Scenario))
            AnsiConsole.MarkupLineInterpolated($"[red]not possible with {dataset.Name}:[/] {string.Join(", ", reason)}. {reason.Key}");
        return CommandErrors.Failed;
    }

    private static void WriteHead(ScenarioGrid grid, GridExpansion expansion, Dataset dataset, ModelFolder model)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]{grid.Name}[/]: {grid.Description}");
        var merged = expansion.NumMerged == 0 ? "" : $" ({expansion.NumMerged} combinations merged that would do the same)";
        AnsiConsole.MarkupLineInterpolated(
            $"{expansion.Scenarios.Count} scenarios{merged}, baselines: {string.Join(", ", grid.Baselines)}");
        AnsiConsole.MarkupLineInterpolated(
            $"Token budget on [bold]{dataset.Name}[/] with the model {model.Name} ({model.Inputs.NumImageTokens} tokens an image):");
        if (StandardSplit.Note(dataset) is { } note) AnsiConsole.MarkupLineInterpolated($"[yellow]note:[/] {note}");
    }

    private static (int? Factor, int Longest,
        string? Refusal) Budget(Scenario scenario, Dataset dataset, ModelFolder model, IReadOnlyList<TimeSeries> training)
    {
        try
        {
            var fitted = FittedRepresentation.Fit(scenario.Representation, model.Inputs, dataset.Classes, training, dataset.ClassTexts);
            return (fitted.DownsamplingFactor, fitted.LongestSequence, null);
        }
        catch (RepresentationException error)
        {
            return (null, 0, error.Message);
        }
    }

    private static void AddRow(FittedTable table, Scenario scenario, ModelFolder model, int? factor, int longest)
    {
        var representation = scenario.Representation;
        table.AddRow(
            Markup.Escape(scenario.Name),
            Name(representation.Arm),
            ImageName(representation),
            Name(representation.Text),
            Name(representation.Downsampling),
            factor is { } k ? k.ToString(CultureInfo.InvariantCulture) : "[red]not possible[/]",
            factor is null ? "–" : longest.ToString(CultureInfo.InvariantCulture),
            model.Inputs.ContextLength(representation).ToString(CultureInfo.InvariantCulture),
            Name(scenario.Recipe.Trained),
            scenario.Recipe.Epochs.ToString(CultureInfo.InvariantCulture));
    }

    private static string ImageName(Representation representation) => representation.Arm switch
    {
        Arm.Text => "–",
        Arm.BlankImage => "blank",
        _ when representation.Windows is ImageWindows.WholeAndHalves => $"{Name(representation.Image)} (and halves)",
        _ when representation.Views is ImageViews.Series => Name(representation.Image),
        _ => $"{Name(representation.Image)} (3 views)",
    };

    private static string Name<T>(T value) where T : struct, Enum => SharedOptions.Name(value);
}
