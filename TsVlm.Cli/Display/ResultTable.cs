using System.Globalization;
using Spectre.Console;
using TsVlm.Contracts;

namespace TsVlm.Cli.Display;

/// <summary>The table that a finished experiment prints: a row a run, the best accuracy of each data set in bold.</summary>
internal static class ResultTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<RunResult> results)
    {
        var table = new FittedTable(
            new("data set"), new("scenario"), Number("accuracy"), Number("balanced"), Number("macro F1"), Number("AUROC"), Number("NLL"),
            Number("train s"),
            Number("samples/s"), Number("peak MB"));
        foreach (var group in results.GroupBy(r => (r.Run.Dataset.Name, r.Run.Split.Resample)))
        {
            var best = group.Max(r => r.Accuracy);
            foreach (var result in group)
            {
                var accuracy = Number(result.Accuracy, "0.000");
                table.AddRow(
                    Markup.Escape(group.Key.Resample == 0 ? group.Key.Name : $"{group.Key.Name} #{group.Key.Resample}"),
                    Markup.Escape(result.Run.ScenarioName),
                    result.Accuracy == best ? $"[bold green]{accuracy}[/]" : accuracy,
                    Number(result.BalancedAccuracy, "0.000"), Number(result.MacroF1, "0.000"), Number(result.Auroc, "0.000"),
                    Number(result.Nll, "0.00"),
                    Number(result.TrainSeconds, "0.0"), Number(result.TrainSamplesPerSecond, "0.0"), Number(result.PeakRssMb, "0"));
            }
            table.AddRow();
        }
        var leftOut = table.Write(console);
        if (leftOut.Count > 0)
            console.WriteLine($"Not shown, for the terminal is narrow: {string.Join(", ", leftOut)}; results.csv has them.");
    }

    /// <summary>Results.csv has every number, so any but the accuracy may be left out here.</summary>
    private static FittedColumn Number(string header) => new(header, IsNumber: true, IsOptional: header != "accuracy");

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
}
