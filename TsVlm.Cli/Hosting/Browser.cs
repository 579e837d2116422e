using System.ComponentModel;
using System.Diagnostics;

namespace TsVlm.Cli.Hosting;

/// <summary>The browser of the user of this machine.</summary>
internal static class Browser
{
    /// <summary>Opens an address where there is a screen; a machine without one, or without a browser, does nothing.</summary>
    public static void TryOpen(string address)
    {
        if (OperatingSystem.IsLinux() && !IsSet("DISPLAY") && !IsSet("WAYLAND_DISPLAY")) return;
        try
        {
            using var process = OperatingSystem.IsLinux()
                ? Process.Start(new ProcessStartInfo("xdg-open", [address]) { RedirectStandardError = true, RedirectStandardOutput = true })
                : Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (Win32Exception)
        {
            // No browser: the address is printed.
        }
    }

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
