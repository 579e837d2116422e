using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TsVlm.AppHost;

/// <summary>
/// Starts a process of a service again that was killed or ended in an error, as Kubernetes does; Aspire leaves it ended. One that was
/// stopped in the dashboard stays so.
/// </summary>
internal sealed class ServiceRestarts(ResourceNotificationService resources, ResourceCommandService commands, ILogger<ServiceRestarts> log)
    : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var numEnds = new Dictionary<string, int>();
        var seen = new HashSet<(string Process, DateTime? Started)>();
        await foreach (var change in resources.WatchAsync(stoppingToken))
        {
            var now = change.Snapshot;
            if (!change.Resource.Annotations.OfType<RestartAnnotation>().Any() || now.ExitCode is null or 0
                || !KnownResourceStates.TerminalStates.Contains(now.State?.Text)
                || !seen.Add((change.ResourceId, now.StartTimeStamp))) continue;
            numEnds[change.ResourceId] = numEnds.GetValueOrDefault(change.ResourceId) + 1;
            var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, numEnds[change.ResourceId]), LongestWait.TotalSeconds));
            log.LogWarning("{Process} ended with exit code {ExitCode}; it is started again in {Wait} s", change.ResourceId, now.ExitCode,
                wait.TotalSeconds.ToString(CultureInfo.InvariantCulture));
            _ = Start(change.ResourceId, wait, stoppingToken);
        }
    }

    private async Task Start(string process, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, cancellationToken);
            var started = await commands.ExecuteCommandAsync(process, KnownResourceCommands.StartCommand, cancellationToken);
            if (!started.Success) log.LogWarning("{Process} could not be started again: {Reason}", process, started.Message);
        }
        catch (OperationCanceledException)
        {
            // The AppHost stops.
        }
    }
}

/// <summary>Marks a service whose processes are started again.</summary>
internal sealed class RestartAnnotation : IResourceAnnotation;

internal static class RestartExtensions
{
    /// <summary>Starts processes of this service again that end in an error.</summary>
    public static IResourceBuilder<T> WithRestarts<T>(this IResourceBuilder<T> service) where T : IResource
    {
        if (!service.ApplicationBuilder.Services.Any(s => s.ImplementationType == typeof(ServiceRestarts)))
            service.ApplicationBuilder.Services.AddHostedService<ServiceRestarts>();
        return service.WithAnnotation(new RestartAnnotation());
    }
}
