using Spectre.Console;
using Spectre.Console.Rendering;
using TsVlm.Contracts;
using TsVlm.Scenarios;

namespace TsVlm.Cli;

/// <summary>Shows an experiment while it runs: a line for every run that ended, and below it what is going on now.</summary>
internal sealed class RunDisplay(IAnsiConsole console, RunMonitor monitor, TimeProvider clock)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(150);
    private readonly HashSet<string> announced = [];
    private readonly long started = clock.GetTimestamp();
    private string lastLine = "";

    /// <summary>Follows the experiment until every run has ended.</summary>
    public async Task<IReadOnlyList<RunStatus>> Follow(Func<Task<IReadOnlyList<RunStatus>>> read, CancellationToken stop)
    {
        var runs = await read();
        var alreadyDone = runs.Count(run => run.Succeeded);
        if (alreadyDone > 0) console.MarkupLineInterpolated($"[grey]{alreadyDone} of {runs.Count} runs were finished before and are reused.[/]");
        announced.UnionWith(runs.Where(run => run.Succeeded).Select(run => run.Run.Id));
        if (!console.Profile.Capabilities.Interactive)
        {
            while (!runs.All(run => run.Ended))
            {
                Announce(runs);
                WriteChange(runs);
                await Task.Delay(Refresh, clock, stop);
                runs = await read();
            }
        }
        else
        {
            await console.Live(Text.Empty).AutoClear(true).StartAsync(async live =>
            {
                while (!runs.All(run => run.Ended))
                {
                    Announce(runs);
                    live.UpdateTarget(Now(runs));
                    await Task.Delay(Refresh, clock, stop);
                    runs = await read();
                }
            });
        }
        Announce(runs);
        return runs;
    }

    private void Announce(IReadOnlyList<RunStatus> runs)
    {
        foreach (var run in runs.Where(run => run.Ended && announced.Add(run.Run.Id)))
        {
            var name = $"{run.Run.Dataset.Name} · {run.Run.ScenarioName}{Repetition(run.Run)}";
            if (run.Failed is { } failed) console.MarkupLineInterpolated($"[red]✗ {name}[/] failed in {failed.Stage.ToString().ToLowerInvariant()}: {failed.Reason}");
            else Announce(name, $"({announced.Count} of {runs.Count}, {Short(clock.GetElapsedTime(started))})");
        }
    }

    /// <summary>Blanks to the end of the line cover what the live display has drawn there.</summary>
    private void Announce(string name, string place)
    {
        var width = console.Profile.Capabilities.Interactive ? console.Profile.Width - name.Length - place.Length - 5 : 0;
        console.MarkupLineInterpolated($"[green]✓[/] {name}  [grey]{place}[/]{new string(' ', Math.Max(0, width))}");
    }

    /// <summary>Without a terminal: a line whenever a stage begins, or an epoch.</summary>
    private void WriteChange(IReadOnlyList<RunStatus> runs)
    {
        if (Current(runs) is not { } current) return;
        var progress = monitor.Latest(current.Run.Id, current.Stage);
        var key = $"{current.Run.Id} {current.Stage} {Math.Floor(progress?.Epoch ?? -1)}";
        if (key == lastLine) return;
        lastLine = key;
        console.Profile.Out.Writer.WriteLine(Describe(current.Run, current.Stage, progress) + TimeLeft(runs));
        console.Profile.Out.Writer.Flush();
    }

    private IRenderable Now(IReadOnlyList<RunStatus> runs)
    {
        if (Current(runs) is not { } current) return new Text("…");
        var progress = monitor.Latest(current.Run.Id, current.Stage);
        var share = progress is { Total: > 0 } ? (double)progress.Done / progress.Total : 0;
        return new Rows(
            new Columns(new BreakdownChart().Width(48).HideTags().AddItem("", share, Color.Green).AddItem("", 1 - share, Color.Grey35)) { Expand = false },
            new Text(Describe(current.Run, current.Stage, progress) + TimeLeft(runs)));
    }

    private static string Describe(RunSpec run, Stage stage, StageProgressed? progress)
    {
        var text = $"{run.Dataset.Name} · {run.ScenarioName}{Repetition(run)} · {stage.ToString().ToLowerInvariant()}";
        if (progress is null) return text;
        if (progress.Epoch is { } epoch) text += FormattableString.Invariant($" · epoch {epoch:0.0}/{run.FineTuned!.Scenario.Recipe.Epochs:0.##}");
        text += FormattableString.Invariant($" · {progress.Done}/{progress.Total}");
        if (progress.Loss is { } loss) text += FormattableString.Invariant($" · loss {loss:0.000}");
        if (progress.SamplesPerSecond > 0) text += FormattableString.Invariant($" · {progress.SamplesPerSecond:0.#} samples/s");
        return text;
    }

    /// <summary>Time left, from the mean time of the runs of the same kind that ended in this process.</summary>
    private string TimeLeft(IReadOnlyList<RunStatus> runs)
    {
        var numDone = runs.Count(run => run.Ended && run.Run.Baseline is null);
        var numOpen = runs.Count(run => !run.Ended && run.Run.Baseline is null);
        if (numDone == 0 || numOpen == 0) return $" · run {runs.Count(run => run.Ended) + 1} of {runs.Count}";
        var left = clock.GetElapsedTime(started) * ((double)numOpen / numDone);
        return $" · run {runs.Count(run => run.Ended) + 1} of {runs.Count}, about {Short(left)} left";
    }

    private static (RunSpec Run, Stage Stage)? Current(IReadOnlyList<RunStatus> runs)
    {
        foreach (var run in runs)
        {
            if (run.Stages.FirstOrDefault(s => s.Status is StageStatus.Sent) is { } stage) return (run.Run, stage.Stage);
        }
        return null;
    }

    private static string Repetition(RunSpec run) => run.Split.Resample == 0 ? "" : $" · resample {run.Split.Resample}";

    private static string Short(TimeSpan time) => time.TotalHours >= 1 ? $"{time:h\\:mm\\:ss}" : $"{time:m\\:ss}";
}
