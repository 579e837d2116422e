using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit;
using TsVlm.Artifacts;
using TsVlm.Contracts;

namespace TsVlm.Cli.Display;

/// <summary>The latest progress of every run, and the results of those that are evaluated.</summary>
internal sealed class RunMonitor
{
    private readonly ConcurrentDictionary<string, StageProgressed> latest = new();
    private readonly ConcurrentDictionary<string, RunResult> results = new();

    public void Note(StageProgressed progress) => latest[progress.RunId] = progress;

    public void Note(string runId, RunResult result) => results[runId] = result;

    public StageProgressed? Latest(string runId, Stage stage) =>
        latest.TryGetValue(runId, out var progress) && progress.Stage == stage ? progress : null;

    /// <summary>The result of a run; null where it is not known here, as of runs on a server.</summary>
    public RunResult? Result(string runId) => results.GetValueOrDefault(runId);
}

internal sealed class ProgressConsumer(RunMonitor monitor, IArtifactStore artifacts) : IConsumer<StageProgressed>, IConsumer<ModelEvaluated>
{
    public Task Consume(ConsumeContext<StageProgressed> context)
    {
        monitor.Note(context.Message);
        return Task.CompletedTask;
    }

    public async Task Consume(ConsumeContext<ModelEvaluated> context)
    {
        await using var file = await artifacts.OpenRead(context.Message.Evaluation, ArtifactFiles.Result, context.CancellationToken);
        if (await JsonSerializer.DeserializeAsync<RunResult>(file, ContractJson.Indented, context.CancellationToken) is { } result)
            monitor.Note(context.Message.RunId, result);
    }
}
