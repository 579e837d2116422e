using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TsVlm.Tests;

/// <summary>
/// Test projects run side by side, each with libtorch's threads: threads that spin while they wait would take the cores from one another.
/// OpenMP reads the variable once, when it is loaded.
/// </summary>
internal static class PassiveThreads
{
    [ModuleInitializer]
    internal static void Set()
    {
        if (OperatingSystem.IsLinux()) _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
    }

#pragma warning disable SYSLIB1054 // A generated call would need unsafe code in every test project.
    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
#pragma warning restore SYSLIB1054
}
