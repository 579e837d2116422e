using Spectre.Console;
using Spectre.Console.Rendering;
using TsVlm.Contracts;
using TsVlm.Scenarios.State;

namespace TsVlm.Cli.Display;

/// <summary>
/// Shows an experiment while it runs: a row for every run that ended, with its accuracy, and below them what is going on now.
/// </summary>
internal sealed class RunDisplay(IAnsiConsole console, RunMonitor monitor, TimeProvider clock)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);
    // The result of a run arrives apart from the news that it ended, and from a server not at all.
    private static readonly TimeSpan WaitForResult = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(30);
    private const int MaxRunsShown = 4;
    private readonly HashSet<string> announced = [];
    private readonly Dictionary<string, long> ended = [];
    private readonly long started = clock.GetTimestamp();
    private readonly ExperimentProgress progress = new(monitor);
    private readonly Dictionary<string, long> written = [];

    /// <summary>Follows the experiment until every run has ended.</summary>
    public async Task<IReadOnlyList<RunStatus>> Follow(Func<Task<IReadOnlyList<RunStatus>>> read, CancellationToken cancellationToken)
    {
        var runs = await read();
        var alreadyDone = runs.Count(run => run.Succeeded);
        if (alreadyDone > 0)
            console.MarkupLineInterpolated($"[grey]{alreadyDone} of {runs.Count} runs were finished before and are reused.[/]");
        announced.UnionWith(runs.Where(run => run.Succeeded).Select(run => run.Run.Id));
        if (!console.Profile.Capabilities.Interactive)
        {
            while (!Announce(runs))
            {
                WriteChange(runs);
                await Task.Delay(Refresh, clock, cancellationToken);
                runs = await read();
            }
        }
        else
        {
            await console.Live(Text.Empty).AutoClear(true).StartAsync(async live =>
            {
                while (!Announce(runs))
                {
                    live.UpdateTarget(Now(runs));
                    await Task.Delay(Refresh, clock, cancellationToken);
                    runs = await read();
                }
            });
        }
        return runs;
    }

    /// <summary>Writes a row for every run that ended and has none yet.</summary>
    /// <returns>Whether all runs have ended and have their rows.</returns>
    private bool Announce(IReadOnlyList<RunStatus> runs)
    {
        var rows = new RunRows(runs, console.Profile.Capabilities.Interactive ? console.Profile.Width : null);
        foreach (var run in runs.Where(run => run.Ended && !announced.Contains(run.Run.Id)))
        {
            var result = monitor.Result(run.Run.Id);
            if (!ended.TryGetValue(run.Run.Id, out var since)) ended[run.Run.Id] = since = clock.GetTimestamp();
            if (run.Succeeded && result is null && clock.GetElapsedTime(since) < WaitForResult) continue;
            announced.Add(run.Run.Id);
            WriteLine(rows.Of(run, result?.Accuracy, announced.Count, clock.GetElapsedTime(started)), run.Succeeded
                ? Color.Green : Color.Red);
        }
        return runs.All(run => run.Ended) && announced.Count >= runs.Count;
    }

    /// <summary>
    /// A terminal gets colour, and blanks to the end of the line over what the live display has drawn there; a pipe gets the line as it is.
    /// </summary>
    private void WriteLine(string line, Color markColour)
    {
        if (console.Profile.Capabilities.Interactive)
        {
            // At once: the live display is drawn again after every write, and would take the place of a mark that stands alone.
            var blanks = new string(' ', Math.Max(0, console.Profile.Width - line.Length - 1));
            console.Write(new Paragraph(line[..1], markColour).Append($"{line[1..]}{blanks}\n"));
            return;
        }
        console.Profile.Out.Writer.WriteLine(line);
        console.Profile.Out.Writer.Flush();
    }

    /// <summary>
    /// Without a terminal: a line whenever a stage begins, or an epoch, and now and then where neither does, as in the fit of a probe.
    /// </summary>
    private void WriteChange(IReadOnlyList<RunStatus> runs)
    {
        var left = progress.TimeLeft(runs, clock.GetElapsedTime(started));
        foreach (var (run, stage) in ExperimentProgress.Current(runs))
        {
            var latest = monitor.Latest(run.Id, stage);
            var key = $"{run.Id} {stage} {Math.Floor(latest?.Epoch ?? -1)}";
            if (written.TryGetValue(key, out var since) && clock.GetElapsedTime(since) < MaxSilence) continue;
            written[key] = clock.GetTimestamp();
            console.Profile.Out.Writer.WriteLine($"{Describe(run, stage, latest)} · {Place(runs, left)}");
        }
        console.Profile.Out.Writer.Flush();
    }

    private IRenderable Now(IReadOnlyList<RunStatus> runs)
    {
        var left = progress.TimeLeft(runs, clock.GetElapsedTime(started));
        var current = ExperimentProgress.Current(runs).ToList();
        if (current.Count == 0) return new Text("…");
        var lines = current.Take(MaxRunsShown).SelectMany(at => Bar(at.Run, at.Stage)).ToList();
        if (current.Count > MaxRunsShown) lines.Add(new Text($"and {current.Count - MaxRunsShown} more runs at the same time"));
        return new Rows([.. lines, new Text(Place(runs, left))]);
    }

    private IEnumerable<IRenderable> Bar(RunSpec run, Stage stage)
    {
        var latest = monitor.Latest(run.Id, stage);
        var share = latest is { Total: > 0 } ? (double)latest.Done / latest.Total : 0;
        yield return new Columns(new BreakdownChart().Width(48).HideTags().AddItem("", share, Color.Green)
            .AddItem("", 1 - share, Color.Grey35)) { Expand = false };
        yield return new Text(Describe(run, stage, latest));
    }

    private static string Describe(RunSpec run, Stage stage, StageProgressed? latest)
    {
        var text = $"{run.Dataset.Name} · {run.ScenarioName}{RunRows.Repetition(run)} · {stage.ToString().ToLowerInvariant()}";
        if (latest is null) return text;
        if (latest.Epoch is { } epoch) text += EpochOf(epoch, run.FineTuned!.Scenario.Recipe.Epochs);
        text += FormattableString.Invariant($" · {latest.Done}/{latest.Total}");
        if (latest.Loss is { } loss) text += FormattableString.Invariant($" · loss {loss:0.000}");
        if (latest.SamplesPerSecond > 0) text += FormattableString.Invariant($" · {latest.SamplesPerSecond:0.#} samples/s");
        return text;
    }

    private static string EpochOf(double epoch, double numEpochs) => epoch > numEpochs
        ? FormattableString.Invariant($" · refit, epoch {epoch - numEpochs:0.0}")
        : FormattableString.Invariant($" · epoch {epoch:0.0}/{numEpochs:0.##}");

    private static string Place(IReadOnlyList<RunStatus> runs, TimeSpan? left)
    {
        var place = $"run {Math.Min(runs.Count(run => run.Ended) + 1, runs.Count)} of {runs.Count}";
        return left is { } time ? $"{place} · about {RunRows.Short(time)} left" : place;
    }
}
