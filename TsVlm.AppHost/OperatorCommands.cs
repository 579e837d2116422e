using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TsVlm.Client;
using TsVlm.Contracts.Http;

namespace TsVlm.AppHost;

/// <summary>What an operator does from the dashboard: commands of the scenarios service, by its HTTP API.</summary>
internal static class OperatorCommands
{
    /// <summary>Name of the resource that tells what garbage collection would remove.</summary>
    public const string GarbageCollection = "garbage-collection";

    private const int PageSize = 200;

    /// <summary>Adds links to the API's reference and commands to submit, cancel and retry experiments.</summary>
    /// <param name="scenarios">The service.</param>
    /// <param name="apiKey">Its key.</param>
    public static IResourceBuilder<ProjectResource> WithOperatorCommands(
        this IResourceBuilder<ProjectResource> scenarios, IResourceBuilder<ParameterResource> apiKey)
    {
        return scenarios
            .WithUrlForEndpoint("http", endpoint => new() { Url = $"{endpoint.Url}/reference", DisplayText = "API reference" })
            .WithCommand("submit-quick", "Submit 'quick' on CBF", context => Run(context, SubmitQuick), new()
            {
                IconName = "Play",
                IsHighlighted = true,
                UpdateState = WhenHealthy,
                Description = "Submits the preset 'quick' on the data set CBF.",
            })
            .WithCommand("retry-failed", "Retry failed runs", context => Run(context, RetryFailed), new()
            {
                IconName = "ArrowClockwise",
                UpdateState = WhenHealthy,
                Description = "Lets the failed and cancelled runs of all experiments run again.",
                ConfirmationMessage = "Run the failed and cancelled runs of all experiments again?",
            })
            .WithCommand("gc-dry-run", "Garbage collection, dry run", CollectGarbage, new()
            {
                IconName = "BroomSparkle",
                UpdateState = WhenHealthy,
                Description = "Lists what no experiment refers to. Nothing is removed; tsvlm gc --services does that.",
            })
            .WithCommand("cancel-all", "Cancel all experiments", context => Run(context, CancelAll), new()
            {
                IconName = "Stop",
                UpdateState = WhenHealthy,
                Description = "Cancels every run that has not ended. Results that exist stay.",
                ConfirmationMessage = "Cancel all experiments that have not ended?",
            });

        async Task<ExecuteCommandResult> Run(
            ExecuteCommandContext context, Func<TsVlmClient, CancellationToken, Task<string>> act)
        {
            try
            {
                var key = await apiKey.Resource.GetValueAsync(context.CancellationToken);
                using var client = new TsVlmClient(new(scenarios.GetEndpoint("http").Url), key, TimeProvider.System);
                return CommandResults.Success(await act(client, context.CancellationToken));
            }
            catch (ServerException error)
            {
                return CommandResults.Failure(error.Message);
            }
        }
    }

    /// <summary>Runs the command line as a resource, so that its log stays to be read, and returns what it printed.</summary>
    private static async Task<ExecuteCommandResult> CollectGarbage(ExecuteCommandContext context)
    {
        var services = context.Services;
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        var started = await services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(GarbageCollection, KnownResourceCommands.StartCommand, context.CancellationToken);
        if (!started.Success) return started;
        await notifications.WaitForResourceAsync(GarbageCollection, KnownResourceStates.Running, context.CancellationToken);
        var ended = await notifications.WaitForResourceAsync(GarbageCollection,
            resource => resource.Snapshot.ExitCode is not null, context.CancellationToken);
        var lines = new List<string>();
        await foreach (var some in services.GetRequiredService<ResourceLoggerService>().GetAllAsync(ended.ResourceId)
            .WithCancellation(context.CancellationToken)) lines.AddRange(some.Select(line => line.Content));
        var result = lines.LastOrDefault(line => line.Contains("MB in all", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "";
        return ended.Snapshot.ExitCode == 0 ? CommandResults.Success(result) : CommandResults.Failure(result);
    }

    private static ResourceCommandState WhenHealthy(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.HealthStatus is HealthStatus.Healthy ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static async Task<string> SubmitQuick(TsVlmClient client, CancellationToken cancellationToken)
    {
        var submitted = await client.Submit(new() { Grid = "quick", Datasets = ["CBF"] }, cancellationToken);
        return $"Experiment {submitted.Id} with {submitted.NumRuns} runs was submitted.";
    }

    private static async Task<string> RetryFailed(TsVlmClient client, CancellationToken cancellationToken)
    {
        var (numRuns, numExperiments) = (0, 0);
        await foreach (var experiment in Experiments(client, cancellationToken))
        {
            if (experiment.NumRuns is { Failed: 0, Cancelled: 0 }) continue;
            numRuns += (await client.Retry(experiment.Id, cancellationToken)).NumRetried;
            numExperiments++;
        }
        return $"Runs started again: {numRuns}, in experiments: {numExperiments}.";
    }

    private static async Task<string> CancelAll(TsVlmClient client, CancellationToken cancellationToken)
    {
        var numExperiments = 0;
        await foreach (var experiment in Experiments(client, cancellationToken))
        {
            if (experiment.Status is not ExperimentStatus.Running) continue;
            await client.Cancel(experiment.Id, cancellationToken);
            numExperiments++;
        }
        return $"Experiments cancelled: {numExperiments}.";
    }

    private static async IAsyncEnumerable<ExperimentOverview> Experiments(
        TsVlmClient client, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var offset = 0; ; offset += PageSize)
        {
            var page = await client.ListExperiments(cancellationToken, offset, PageSize);
            foreach (var experiment in page.Items) yield return experiment;
            if (offset + page.Items.Count >= page.Total) yield break;
        }
    }
}
