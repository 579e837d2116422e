using Microsoft.Extensions.Diagnostics.HealthChecks;
using TsVlm.Client;
using TsVlm.Contracts.Http;

namespace TsVlm.AppHost;

/// <summary>What an operator does from the dashboard: commands of the scenarios service, by its HTTP API.</summary>
internal static class OperatorCommands
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
    private const int PageSize = 200;

    /// <summary>Adds links to the API's reference and commands to submit, cancel and retry experiments.</summary>
    /// <param name="scenarios">The service.</param>
    /// <param name="apiKey">Its key.</param>
    /// <param name="runs">Its database.</param>
    /// <param name="blobs">Its store.</param>
    public static IResourceBuilder<ProjectResource> WithOperatorCommands(this IResourceBuilder<ProjectResource> scenarios,
        IResourceBuilder<ParameterResource> apiKey, IResourceBuilder<IResourceWithConnectionString> runs,
        IResourceBuilder<IResourceWithConnectionString> blobs)
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
            .WithProcessCommand("gc-dry-run", "Garbage collection, dry run", CollectGarbage, new()
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

        // As a person would by hand; what it prints is the result.
        async ValueTask<ProcessCommandSpec> CollectGarbage(ExecuteCommandContext context) => new("dotnet")
        {
            Arguments = ["run", "--no-build", "-c", Configuration, "--project", new Projects.TsVlm_Cli().ProjectPath, "--",
                "gc", "--services", "--dry-run"],
            EnvironmentVariables = new Dictionary<string, string>
            {
                ["ConnectionStrings__runs"] = (await runs.Resource.GetConnectionStringAsync(context.CancellationToken))!,
                ["ConnectionStrings__blobs"] = (await blobs.Resource.GetConnectionStringAsync(context.CancellationToken))!,
            },
        };

        async Task<ExecuteCommandResult> Run(
            ExecuteCommandContext context, Func<TsVlmClient, CancellationToken, Task<string>> act)
        {
            try
            {
                var key = await apiKey.Resource.GetValueAsync(context.CancellationToken);
                using var client = new TsVlmClient(new(scenarios.GetEndpoint("http").Url), key, TimeProvider.System);
                var result = await act(client, context.CancellationToken);
                // The dashboard's own notice says that a command succeeded, and no more.
                return CommandResults.Success(result, result, CommandResultFormat.Text, displayImmediately: true);
            }
            catch (ServerException error)
            {
                return CommandResults.Failure(error.Message);
            }
        }
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
