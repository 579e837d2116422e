using System.Runtime.InteropServices;

namespace TsVlm.Artifacts.Tests;

public sealed class StageMeterTests
{
    [Fact]
    public void A_stage_that_begins_later_does_not_take_the_peak_of_one_that_is_running()
    {
        using var first = new StageMeter(TimeProvider.System);
        Touch(numMegabytes: 300);
        using var second = new StageMeter(TimeProvider.System);

        var (ofFirst, ofSecond) = (first.Facts(1, 1).PeakRssMb, second.Facts(1, 1).PeakRssMb);

        Assert.SkipWhen(!CanReset(), "The system does not forget the peak of a process: /proc/self/clear_refs cannot be written.");
        Assert.True(ofFirst > ofSecond + 200, $"The stage that had 300 MB more reports {ofFirst:0} MB, the other {ofSecond:0} MB.");
    }

    private static void Touch(int numMegabytes)
    {
        var bytes = numMegabytes << 20;
        var memory = Marshal.AllocHGlobal(bytes);
        for (var at = 0; at < bytes; at += Environment.SystemPageSize) Marshal.WriteByte(memory, at, 1);
        Marshal.FreeHGlobal(memory);
    }

    private static bool CanReset()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
