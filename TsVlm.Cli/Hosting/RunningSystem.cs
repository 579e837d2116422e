using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TsVlm.Messaging;
using TsVlm.Scenarios.Launching;

namespace TsVlm.Cli.Hosting;

/// <summary>
/// The local system at work. It is stopped however the command ends; and when it cannot go on, as on a full disk, it says so instead of
/// leaving the command to wait.
/// </summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private readonly IHost host;
    private bool isStopped;

    private RunningSystem(IHost host) => this.host = host;

    /// <summary>Cancelled once the system cannot go on, or is stopped.</summary>
    public CancellationToken Ended => host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Why the system cannot go on; null while it can.</summary>
    public Exception? Failure => host.Services.GetRequiredService<BrokenProcess>().Reason
        ?? host.Services.GetRequiredService<Reconciler>().ExecuteTask?.Exception?.InnerException;

    public static async Task<RunningSystem> Start(IHost host, CancellationToken cancellationToken)
    {
        await host.StartAsync(cancellationToken);
        return new(host);
    }

    /// <summary>Lets the work under way be put away, and ends.</summary>
    public async Task Stop()
    {
        if (isStopped) return;
        isStopped = true;
        await host.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await Stop();
}
