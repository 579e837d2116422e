using MassTransit;
using TsVlm.Contracts;

namespace TsVlm.ServiceDefaults;

/// <summary>
/// The edge every stage shares: does the work of one command and publishes its event, or <see cref="RunFailed"/> with the reason.
/// Work cut short by a stop is neither: the command stays open and is done again.
/// </summary>
public static class StageConsumer
{
    /// <summary>Runs the work and publishes what comes of it.</summary>
    public static async Task Consume<TCommand, TEvent>(
        ConsumeContext<TCommand> context, string runId, Stage stage, TimeProvider clock, Func<ProgressReporter, Task<TEvent>> work)
        where TCommand : class
        where TEvent : class
    {
        var progress = new ProgressReporter(context, clock);
        try
        {
            var done = await work(progress);
            await progress.Flush();
            await context.Publish(done);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            // The reason goes to the run state and the report; the stack trace to the log of this service.
            await context.Publish(new RunFailed(runId, stage, Reason(error)));
            LogContext.Error?.Log(error, "Run {RunId} failed in {Stage}", runId, stage);
        }
    }

    /// <summary>Errors made for people say enough; others carry their type.</summary>
    private static string Reason(Exception error) =>
        error.GetType().Namespace?.StartsWith("TsVlm", StringComparison.Ordinal) == true ? error.Message : $"{error.GetType().Name}: {error.Message}";
}
