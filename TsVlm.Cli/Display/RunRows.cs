using System.Globalization;
using TsVlm.Contracts;
using TsVlm.Scenarios.State;

namespace TsVlm.Cli.Display;

/// <summary>
/// The rows that appear as runs end: data set, scenario, accuracy, place and time, each in a column as wide as the experiment's longest
/// name.
/// </summary>
/// <param name="runs">All runs of the experiment.</param>
/// <param name="width">Characters that a row may have; null for any number.</param>
internal sealed class RunRows(IReadOnlyList<RunStatus> runs, int? width)
{
    private const int MinNameWidth = 8;
    private readonly int datasetWidth = runs.Select(run => Dataset(run.Run).Length).DefaultIfEmpty().Max();
    private readonly int scenarioWidth = runs.Select(run => run.Run.ScenarioName.Length).DefaultIfEmpty().Max();

    /// <summary>The row of a run that ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="accuracy">Its test accuracy; null where it is not known here.</param>
    /// <param name="numEnded">Runs that have ended, this one included.</param>
    /// <param name="elapsed">Time since the experiment began.</param>
    public string Of(RunStatus run, double? accuracy, int numEnded, TimeSpan elapsed)
    {
        if (run.Failed is { } failed)
            return $"✗ {Dataset(run.Run)} · {run.Run.ScenarioName} failed in {failed.Stage.ToString().ToLowerInvariant()}: {failed.Reason}";
        if (run.Cancelled) return $"✗ {Dataset(run.Run)} · {run.Run.ScenarioName} was cancelled";
        var number = accuracy is { } found ? string.Create(CultureInfo.InvariantCulture, $"accuracy {found:0.000}") : "";
        var place = $"{numEnded}".PadLeft($"{runs.Count}".Length);
        var end = $"  {number,-14}  {place} of {runs.Count}  {Short(elapsed)}";
        // A terminal takes one line a row: the longer name gives way first.
        var (first, second) = (datasetWidth, scenarioWidth);
        for (var room = (width - 1 ?? int.MaxValue) - 4 - end.Length; first + second > room && Math.Max(first, second) > MinNameWidth;)
        {
            if (first > second) first--;
            else second--;
        }
        return $"✓ {Fitted(Dataset(run.Run), first)}  {Fitted(run.Run.ScenarioName, second)}{end}";
    }

    /// <summary>The resample of a run, where it is another than the archive's own.</summary>
    public static string Repetition(RunSpec run) => run.Split.Resample == 0 ? "" : $" · resample {run.Split.Resample}";

    /// <summary>A time as people read it.</summary>
    public static string Short(TimeSpan time) => time.TotalHours >= 1 ? $"{time:h\\:mm\\:ss}" : $"{time:m\\:ss}";

    private static string Dataset(RunSpec run) => run.Dataset.Name + Repetition(run);

    private static string Fitted(string name, int width) => name.Length <= width ? name.PadRight(width) : name[..(width - 1)] + "…";
}
