using Microsoft.Extensions.Hosting;

namespace TsVlm.Messaging;

/// <summary>
/// After a GPU failed, every later call of the process fails too; and a bus may be stuck for good. Then the process ends with exit code 1,
/// and whatever started it starts a fresh one. In one process without a broker, so does an event that could not be recorded: nobody sends
/// it again.
/// </summary>
public sealed class BrokenProcess(IHostApplicationLifetime lifetime)
{
    /// <summary>Whether the process ends for that reason.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The first error that was reported as the reason; null where none was.</summary>
    public Exception? Reason { get; private set; }

    /// <summary>Ends the process in good order.</summary>
    /// <param name="reason">The error that makes it useless to go on.</param>
    public void Report(Exception? reason = null)
    {
        Reason ??= reason;
        IsBroken = true;
        lifetime.StopApplication();
    }
}
