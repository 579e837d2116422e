using TsVlm.Cli.Display;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;

namespace TsVlm.Cli.Server;

/// <summary>
/// An experiment on a server as its events tell it. A connection that drops is made anew and begins with all that has ended.
/// </summary>
internal sealed class ServerExperiment(TsVlmClient server, string id, RunMonitor monitor, TimeProvider clock)
{
    private const int MaxRunsAtATime = 1000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private readonly Lock changing = new();
    private readonly Dictionary<string, int> places = [];
    private readonly List<RunStatus> runs = [];

    /// <summary>What the last event told; null until then.</summary>
    public ExperimentEvent? End { get; private set; }

    /// <summary>The runs as far as is known here.</summary>
    public IReadOnlyList<RunStatus> Runs
    {
        get
        {
            lock (changing) return [.. runs];
        }
    }

    /// <summary>Reads every run, with its settings.</summary>
    public async Task Load(CancellationToken cancellationToken)
    {
        int total;
        do
        {
            var page = await server.ShowExperiment(id, cancellationToken, runs.Count, MaxRunsAtATime, specs: true);
            total = page.NumRuns.Total;
            foreach (var run in page.Runs)
            {
                places[run.Id] = runs.Count;
                runs.Add(new(run.Run!, run.Generation, run.Stages));
                if (run.Progress is { } progress) monitor.Note(progress);
            }
        }
        while (runs.Count < total);
    }

    /// <summary>Follows the events until the experiment has ended.</summary>
    /// <param name="warn">Told when the connection is lost, and when it is back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task Follow(Action<string> warn, CancellationToken cancellationToken)
    {
        for (var isLost = false; End is null;)
        {
            try
            {
                await foreach (var item in server.Follow(id, cancellationToken))
                {
                    if (isLost) warn("The server is back.");
                    isLost = false;
                    Take(item.EventType, item.Data);
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException and not ServerException or TimeoutException
                or ServerException { AsksForPatience: true })
            {
                if (!isLost) warn($"The connection to {server.Shown} is lost ({error.Message}); it is made again. The experiment goes on there.");
                isLost = true;
            }
            if (End is null) await Task.Delay(Wait, clock, cancellationToken);
        }
    }

    private void Take(string type, ExperimentEvent told)
    {
        if (type == "experiment-ended") End = told;
        if (told.RunId is not { } runId) return;
        lock (changing)
        {
            if (!places.TryGetValue(runId, out var place)) return;
            if (told.Progress is { } progress)
            {
                monitor.Note(progress);
                if (StageOf(place, progress.Stage) is { Status: StageStatus.Waiting } waiting)
                    Change(place, waiting with { Status = StageStatus.Sent });
            }
            if (told.Stage is { } stage) Change(place, stage);
        }
    }

    private StageState? StageOf(int place, Stage stage) => runs[place].Stages.FirstOrDefault(s => s.Stage == stage);

    private void Change(int place, StageState now) =>
        runs[place] = runs[place] with { Stages = [.. runs[place].Stages.Select(s => s.Stage == now.Stage ? now : s)] };
}
