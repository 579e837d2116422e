using Microsoft.AspNetCore.Components;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Evaluation.Results;
using TsVlm.Pages.Report;
using TsVlm.Web.Layout;
using TsVlm.Web.Runs;

namespace TsVlm.Web.Experiments;

/// <summary>An experiment while it goes on, and its results once it has ended.</summary>
public sealed partial class ExperimentPage : ServerPage
{
    private const int Size = 100;
    private const int MaxCompared = 300;
    private const int MaxSingly = 20;   // metrics that are asked for run by run; more come with those of all runs
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(300);     // between two changes of the page
    private static readonly TimeSpan Recount = TimeSpan.FromSeconds(2);          // between two questions for the counts
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);             // before the next connection
    private readonly LiveExperiment live = new();
    private readonly Dictionary<string, RunResult> results = [];
    private CancellationTokenSource following = new();
    private ScenarioComparison? comparison;
    private string? connection;
    private string? shown;
    private bool isPaused;
    private bool isChanged;
    private bool isStale;

    /// <summary>The experiment.</summary>
    [Parameter]
    public required string Id { get; set; }

    /// <summary>Place of the first run shown.</summary>
    [SupplyParameterFromQuery(Name = "offset")]
    public int Offset { get; set; }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Id} {Offset}";
        if (address == shown) return;
        shown = address;
        await Restart();
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = Repeat(Frame, Draw);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            following.Cancel();
            following.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task Restart()
    {
        await following.CancelAsync();
        following.Dispose();
        following = CancellationTokenSource.CreateLinkedTokenSource(Left);
        comparison = null;
        if (await Load() && live.Experiment!.Status is not ExperimentStatus.Ended) _ = Follow(following.Token);
    }

    /// <summary>Asks for the experiment, the runs of this page, and the metrics of those that finished.</summary>
    private Task<bool> Load() => Ask(async client =>
    {
        var experiment = await client.ShowExperiment(Id, Left, Math.Max(0, Offset), Size);
        live.Replace(experiment);
        isChanged = true;
        var missing = live.Runs.Where(run => run.Run.Succeeded && !results.ContainsKey(run.Run.Id)).Select(run => run.Run.Id).ToList();
        if (missing.Count > MaxSingly) await ReadResults(client);
        else foreach (var id in missing) results[id] = await RunDownload.Result(client, id, Left);
        foreach (var run in live.Runs.Where(run => run.Run.Succeeded)) run.Result ??= results.GetValueOrDefault(run.Run.Id);
        if (experiment is { Status: ExperimentStatus.Ended, NumRuns.Total: <= MaxCompared }) comparison = await Compare(client, experiment);
    });

    private async Task ReadResults(TsVlmClient client)
    {
        await foreach (var result in client.Results(Id, Left)) results[result.Run.Id] = result;
    }

    /// <summary>The runs as the report shows them, without what only its files hold.</summary>
    private async Task<ScenarioComparison> Compare(TsVlmClient client, ExperimentResponse experiment)
    {
        if (experiment.NumRuns.Succeeded > results.Count) await ReadResults(client);
        var all = await client.ShowExperiment(Id, Left, limit: MaxCompared, specs: true);
        return new([.. all.Runs.Select(Reported)])
        {
            LinkOf = run => $"experiments/{Uri.EscapeDataString(Id)}/runs/{Uri.EscapeDataString(run.Id)}",
            GlossaryLink = $"experiments/{Uri.EscapeDataString(Id)}#glossary",
        };
    }

    private ReportRun Reported(RunResponse run)
    {
        if (results.GetValueOrDefault(run.Id) is { } result) return new() { Run = run.Run!, Result = result };
        var stopped = run.Stages.FirstOrDefault(s => s.Status is StageStatus.Failed) ?? run.Stages.First(s => s.Status is not StageStatus.Done);
        return new() { Run = run.Run!, Failure = new(stopped.Stage, stopped.Reason ?? "cancelled") };
    }

    /// <summary>Follows the events to the end; where the connection is lost, another one begins with all that has ended.</summary>
    private async Task Follow(CancellationToken cancellationToken)
    {
        _ = Count(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var client = await Session.Open();
                await foreach (var item in client.Follow(Id, cancellationToken))
                {
                    connection = null;
                    isStale |= live.Apply(item);
                    isChanged = true;
                    if (item.EventType != "experiment-ended") continue;
                    await InvokeAsync(Load);
                    return;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
            {
                connection = $"The connection to the server is lost ({error.Message}). The next attempt is in {Wait.TotalSeconds:0} s.";
                (isChanged, isStale) = (true, true);
            }
            try
            {
                await Task.Delay(Wait, Clock, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Asks for the counts where events say that they changed, at most every other second.</summary>
    private async Task Count(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Recount, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (!isStale || connection is not null) continue;
                isStale = false;
                await InvokeAsync(Load);
                if (live.Experiment?.Status is ExperimentStatus.Ended) return;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The user left, or another page of the list began.
        }
    }

    private Task Draw()
    {
        if (!isChanged || isPaused) return Task.CompletedTask;
        isChanged = false;
        StateHasChanged();
        return Task.CompletedTask;
    }

    private string LinkOf(RunResponse run) => $"experiments/{Uri.EscapeDataString(Id)}/runs/{Uri.EscapeDataString(run.Id)}";

    private string AddressOf(int offset) => Navigation.GetUriWithQueryParameter("offset", offset > 0 ? offset : null);
}
