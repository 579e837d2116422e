using Microsoft.Extensions.Hosting;

namespace TsVlm.ServiceDefaults;

/// <summary>
/// After a GPU failed, every later call of the process fails too; and a bus may be stuck for good. Then the process ends with exit code 1, and
/// whatever started it starts a fresh one.
/// </summary>
public sealed class BrokenProcess(IHostApplicationLifetime lifetime)
{
    /// <summary>Whether the process ends for that reason.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Ends the process in good order.</summary>
    public void Report()
    {
        IsBroken = true;
        lifetime.StopApplication();
    }
}
