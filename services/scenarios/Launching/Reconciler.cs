using MassTransit;
using Microsoft.Extensions.Hosting;
using TsVlm.Contracts;

namespace TsVlm.Scenarios;

/// <summary>
/// Compares the run state with what should be, and sends the commands that are missing: the next stage of every open run,
/// as many at a time as allowed. A lost message or a restart therefore costs time, never a run.
/// </summary>
public sealed class Reconciler(RunStore runs, IBus bus, ReconcilerSettings settings) : BackgroundService
{
    private readonly SemaphoreSlim changed = new(0);

    /// <summary>Says that the run state has changed, so that the next look need not wait.</summary>
    public void Wake() => changed.Release();

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await runs.Open(stoppingToken);
        // Commands of an earlier process are lost with its in-memory transport.
        await runs.TakeBackSent(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await SendMissing(stoppingToken);
            await changed.WaitAsync(settings.Interval, stoppingToken);
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        changed.Dispose();
        base.Dispose();
    }

    private async Task SendMissing(CancellationToken cancellationToken)
    {
        var open = await runs.OpenRuns(cancellationToken);
        var numInFlight = open.Sum(run => run.Stages.Count(s => s.Status is StageStatus.Sent));
        foreach (var run in open)
        {
            if (numInFlight >= settings.MaxStagesInFlight) return;
            var next = run.Stages.First(s => s.Status is not StageStatus.Done);
            if (next.Status is not StageStatus.Waiting) continue;
            await runs.MarkSent(run.Run.Id, next.Stage, cancellationToken);
            await Send(run.Run, next.Stage, cancellationToken);
            numInFlight++;
        }
    }

    private Task Send(RunSpec run, Stage stage, CancellationToken cancellationToken) => stage switch
    {
        Stage.Datagen => Send("generate-samples", new GenerateSamples(run.Id, run), cancellationToken),
        Stage.Training => Send("train-model", new TrainModel(run.Id, run), cancellationToken),
        _ => Send("evaluate-model", new EvaluateModel(run.Id, run), cancellationToken),
    };

    private async Task Send<T>(string queue, T command, CancellationToken cancellationToken) where T : class
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"queue:{queue}"));
        await endpoint.Send(command, cancellationToken);
    }
}

/// <summary>How the reconciler works.</summary>
public sealed record ReconcilerSettings
{
    /// <summary>Stages under way at one time. One process that trains on all its cores takes 1, so that figures are not disturbed.</summary>
    public int MaxStagesInFlight { get; init; } = 1;

    /// <summary>Longest time between two looks at the run state.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);
}
