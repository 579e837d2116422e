using System.Runtime.InteropServices;

namespace TsVlm.VisionLanguage.Numerics;

/// <summary>How the tensor library shares the machine; but for the threads to be called once, before its first use.</summary>
public static partial class TorchRuntime
{
    // Of glibc's malloc.h
    private const int TrimThreshold = -1;   // M_TRIM_THRESHOLD
    private const int MmapThreshold = -3;   // M_MMAP_THRESHOLD
    private const int ArenaMax = -8;        // M_ARENA_MAX
    private const int LargestMmapThreshold = 32 << 20;
    private const string SpinsBeforeSleep = "2000";

    /// <summary>
    /// Lets idle tensor threads sleep instead of spin, since on few cores spinning threads take the time of those that work, but not before
    /// the few microseconds that pass between two operations (benchmarks/README.md: a tenth of a training step); keeps native memory in as
    /// many heaps as there are runs at a time, since glibc gives every thread its own and each would keep the tensors of an earlier run; and
    /// keeps memory that a step has freed for the next one, until <see cref="ReturnFreedMemory"/>.
    /// OpenMP reads the native environment when the library is loaded; a variable set by .NET would never reach it.
    /// </summary>
    /// <param name="runsAtOnce">Runs that may compute at the same time in this process.</param>
    public static void ShareTheMachine(int runsAtOnce = 1)
    {
        if (!OperatingSystem.IsLinux()) return;
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
        {
            _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", 0);
            _ = SetEnvironment("GOMP_SPINCOUNT", SpinsBeforeSleep, 0);
        }
        if (!IsGlibc()) return;
        Set("MALLOC_ARENA_MAX", ArenaMax, runsAtOnce);
        Set("MALLOC_MMAP_THRESHOLD_", MmapThreshold, LargestMmapThreshold);
        Set("MALLOC_TRIM_THRESHOLD_", TrimThreshold, int.MaxValue);

        static void Set(string variable, int parameter, int value)
        {
            if (Environment.GetEnvironmentVariable(variable) is null) _ = SetAllocator(parameter, value);
        }
    }

    /// <summary>Threads of the tensor library in this process from now on.</summary>
    public static void UseThreads(int number) => TorchSharp.torch.set_num_threads(number);

    /// <summary>
    /// Gives memory that models have freed back to the system; glibc keeps it otherwise, and a long process would hold the most that any of
    /// its runs ever needed.
    /// </summary>
    public static void ReturnFreedMemory()
    {
        if (OperatingSystem.IsLinux() && IsGlibc()) _ = Trim(0);
    }

    private static bool IsGlibc() =>
        NativeLibrary.TryLoad("libc", typeof(TorchRuntime).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, "mallopt", out _);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nint keep);
}
