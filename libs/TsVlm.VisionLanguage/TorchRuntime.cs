using System.Runtime.InteropServices;

namespace TsVlm.VisionLanguage;

/// <summary>How the tensor library shares the machine; to be called before its first use.</summary>
public static partial class TorchRuntime
{
    /// <summary>
    /// Lets the tensor library's idle threads sleep instead of spin: on few cores spinning threads take the time of those that work.
    /// OpenMP reads its settings once, when the native library is loaded, and from the native environment.
    /// </summary>
    public static void LetIdleThreadsSleep()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
