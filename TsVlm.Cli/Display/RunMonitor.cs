using System.Collections.Concurrent;
using MassTransit;
using TsVlm.Contracts;

namespace TsVlm.Cli;

/// <summary>The latest progress of every run.</summary>
internal sealed class RunMonitor
{
    private readonly ConcurrentDictionary<string, StageProgressed> latest = new();

    public void Note(StageProgressed progress) => latest[progress.RunId] = progress;

    public StageProgressed? Latest(string runId, Stage stage) => latest.TryGetValue(runId, out var progress) && progress.Stage == stage ? progress : null;
}

internal sealed class ProgressConsumer(RunMonitor monitor) : IConsumer<StageProgressed>
{
    public Task Consume(ConsumeContext<StageProgressed> context)
    {
        monitor.Note(context.Message);
        return Task.CompletedTask;
    }
}
