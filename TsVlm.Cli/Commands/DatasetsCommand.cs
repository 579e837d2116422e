using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Data;
using TsVlm.Experiments;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm datasets</c>: what there is, and what one should know of it.</summary>
internal static class DatasetsCommand
{
    public static Command Create()
    {
        var (data, datasets) = (SharedOptions.Data(), SharedOptions.Datasets());
        var command = new Command("datasets",
            "Lists data sets: sizes, lengths, channels, classes, balance, missing values and warnings.\n\n"
            + "Examples:\n  tsvlm datasets\n  tsvlm datasets --data archive --datasets PLAID,NATOPS")
        {
            data, datasets,
        };
        command.Run((parsed, cancellationToken) =>
            Task.FromResult(List(new DatasetCatalog(parsed.GetValue(data)), parsed.GetValue(datasets)!, cancellationToken)));
        return command;
    }

    private static int List(DatasetCatalog catalog, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        string[] numbers = ["train", "test", "channels", "length", "classes", "largest class", "smallest", "missing"];
        var table = new FittedTable([new("data set"), .. numbers.Select(name => new FittedColumn(name, IsNumber: true))]);
        var (notes, problems) = (new List<(string Name, string Warning)>(), new List<string>());
        foreach (var name in catalog.Select(wanted))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var dataset = catalog.Open(name);
                var summary = DatasetSummary.Of(dataset);
                AddRow(table, summary);
                notes.AddRange(summary.Warnings.Select(warning => (name, warning)));
                if (StandardSplit.Note(dataset) is { } note) notes.Add((name, note));
            }
            catch (DataException error)
            {
                table.AddRow([Markup.Escape(CommandErrors.Printable(name)), "[red]error[/]", .. numbers.Skip(1).Select(_ => "")]);
                problems.Add(error.Message);
            }
        }
        table.Write(AnsiConsole.Console);
        foreach (var (name, warning) in notes) AnsiConsole.MarkupLineInterpolated($"[yellow]{name}[/]: {warning}");
        foreach (var ignored in catalog.Ignored) AnsiConsole.MarkupLineInterpolated($"[yellow]not read:[/] {ignored}");
        foreach (var problem in problems) AnsiConsole.MarkupLineInterpolated($"[red]error:[/] {problem}");
        return problems.Count == 0 ? 0 : CommandErrors.Failed;
    }

    private static void AddRow(FittedTable table, DatasetSummary summary) => table.AddRow(
        Markup.Escape(summary.Name),
        Number(summary.NumTrain),
        Number(summary.NumTest),
        Number(summary.NumChannels),
        summary.EqualLength ? Number(summary.MaxLength) : $"{Number(summary.MinLength)}–{Number(summary.MaxLength)}",
        Number(summary.Classes.Count),
        summary.LargestTrainShare.ToString("P0", CultureInfo.InvariantCulture),
        Number(summary.SmallestTrainClass),
        Number(summary.NumMissing));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
