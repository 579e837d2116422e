using MassTransit;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Messaging;
using TsVlm.Scenarios.State;
using TsVlm.Telemetry;

namespace TsVlm.Scenarios.Launching;

/// <summary>Sends commands to the queues of work.</summary>
/// <param name="bus">The bus.</param>
/// <param name="messaging">Whether a broker keeps them.</param>
/// <param name="queues">The broker's queues; null in one process.</param>
public sealed class CommandDispatcher(IBus bus, MessagingSettings messaging, BrokerQueues? queues = null)
{
    private bool areDeclared;

    /// <summary>Sends the command of a stage.</summary>
    public async Task Send(RunStatus run, StageState stage, CancellationToken cancellationToken)
    {
        var attempt = stage.Attempts + 1;
        var name = StageMetrics.NameOf(stage.Stage);
        using var span = RunTraces.Dispatch(name,
            run.TraceParent, [.. RunTraces.Facts(run.Run), new(TelemetryNames.Stage, name), new(TelemetryNames.Attempt, attempt)]);
        await (stage.Stage switch
        {
            Stage.Datagen => Send(CommandQueues.GenerateSamples, new GenerateSamples(run.Run.Id, run.Run, run.Generation), attempt,
                cancellationToken),
            Stage.Training => Send(CommandQueues.TrainModel, new TrainModel(run.Run.Id, run.Run, run.Generation), attempt,
                cancellationToken),
            _ => Send(CommandQueues.EvaluateModel, new EvaluateModel(run.Run.Id, run.Run, run.Generation), attempt, cancellationToken),
        });
    }

    /// <summary>Sends the command of a report, in a trace of its own.</summary>
    public async Task Send(ReportExperiment command, CancellationToken cancellationToken)
    {
        using var span = RunTraces.Dispatch(TelemetryNames.Report,
            traceParent: null, [new(TelemetryNames.ExperimentId, command.ExperimentId)]);
        await Send(CommandQueues.ReportExperiment, command, attempt: 1, cancellationToken);
    }

    private async Task Send<T>(string queue, T command, int attempt, CancellationToken cancellationToken) where T : class
    {
        if (queues is not null && !areDeclared)
        {
            await queues.Declare(cancellationToken);
            areDeclared = true;
        }
        // The queue of a broker has arguments that its name does not tell, so only its exchange is named.
        var endpoint = await bus.GetSendEndpoint(new Uri($"{(messaging.HasBroker ? "exchange" : "queue")}:{queue}"));
        await endpoint.Send(command, sent => sent.Headers.Set(StageConsumer.FirstAttempt, attempt), cancellationToken);
    }

    /// <summary>Whether no command waits in the queue of a stage.</summary>
    public Task<bool> IsQueueEmpty(Stage stage, CancellationToken cancellationToken) => IsQueueEmpty(stage switch
    {
        Stage.Datagen => CommandQueues.GenerateSamples,
        Stage.Training => CommandQueues.TrainModel,
        _ => CommandQueues.EvaluateModel,
    }, cancellationToken);

    /// <summary>Whether no command waits in a queue.</summary>
    public async Task<bool> IsQueueEmpty(string queue, CancellationToken cancellationToken)
    {
        if (queues is null) return false;
        // A broker that lost its disk has lost its queues too.
        await queues.Declare(cancellationToken);
        return await queues.NumReady(queue, cancellationToken) == 0;
    }
}
