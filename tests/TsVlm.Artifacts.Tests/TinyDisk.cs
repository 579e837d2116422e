using System.Diagnostics;
using TsVlm.Tests;

namespace TsVlm.Artifacts.Tests;

/// <summary>A file system of its own with room for very little, in memory; only the superuser of Linux can have one.</summary>
internal sealed class TinyDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TinyDisk()
    {
    }

    public string Path => folder.Path;

    /// <summary>Makes one; the test is skipped, with the reason, where that is not allowed.</summary>
    public static TinyDisk Of(int kilobytes)
    {
        var disk = new TinyDisk();
        var problem = Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", disk.Path);
        if (problem is null) return disk;
        disk.folder.Dispose();
        Assert.Skip($"A small file system cannot be mounted here. {problem}");
        return disk;
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        folder.Dispose();
    }

    private static string? Run(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) return "This is not Linux.";
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : errors.Trim();
    }
}
