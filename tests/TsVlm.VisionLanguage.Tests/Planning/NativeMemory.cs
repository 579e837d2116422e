using System.Runtime.InteropServices;

namespace TsVlm.VisionLanguage.Tests.Planning;

/// <summary>
/// Bytes that native code holds, by glibc's own books: what is allocated, not what the process keeps in reserve, which depends on what ran
/// before.
/// </summary>
internal static class NativeMemory
{
    /// <summary>Bytes by which the memory held grows at most while the work is done, looked at every two milliseconds.</summary>
    public static long PeakOf(Action work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();   // or what others left would be freed meanwhile
        var (before, peak, isDone) = (InUse(), 0L, false);
        var watch = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                peak = Math.Max(peak, InUse());
                Thread.Sleep(TimeSpan.FromMilliseconds(2));
            }
        });
        watch.Priority = ThreadPriority.Highest;
        watch.Start();
        work();
        Volatile.Write(ref isDone, true);
        watch.Join();
        return peak - before;
    }

    /// <summary>Bytes held now.</summary>
    public static long InUse()
    {
        var info = ReadInfo();
        return (long)(info.InHeaps + info.InMaps);
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    private static extern Info ReadInfo();

    /// <summary>struct mallinfo2 of malloc.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Info
    {
        private readonly nuint arena, numFree, numFast, numMaps;
        public readonly nuint InMaps;
        private readonly nuint unused, inFastBins;
        public readonly nuint InHeaps;
        private readonly nuint free, atTop;
    }
}
