using Microsoft.Extensions.Hosting;

namespace TsVlm.ServiceDefaults;

/// <summary>
/// After a GPU failed, every later call of the process fails too: the process ends with exit code 1, and whatever started it starts a fresh one.
/// </summary>
public sealed class LostDevice(IHostApplicationLifetime lifetime)
{
    /// <summary>Whether the process ends for that reason.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Ends the process in good order.</summary>
    public void Report()
    {
        IsLost = true;
        lifetime.StopApplication();
    }
}
