using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

public sealed class SnapshotTimingTests
{
    private readonly HandClock clock = new();

    [Fact]
    public void A_snapshot_is_due_after_the_interval_and_at_the_end_of_an_epoch_after_a_sixth_of_it()
    {
        var timing = new SnapshotTiming(TimeSpan.FromSeconds(60), clock);
        clock.Seconds = 9;
        Assert.Equal((false, false), (timing.IsDue(endsEpoch: false), timing.IsDue(endsEpoch: true)));
        clock.Seconds = 10;
        Assert.Equal((false, true), (timing.IsDue(endsEpoch: false), timing.IsDue(endsEpoch: true)));
        clock.Seconds = 60;
        Assert.Equal((true, true), (timing.IsDue(endsEpoch: false), timing.IsDue(endsEpoch: true)));
        timing.Save(() => clock.Seconds += 1);
        clock.Seconds += 59;
        Assert.False(timing.IsDue(endsEpoch: false));
    }

    [Fact]
    public void Saving_that_takes_long_comes_less_often()
    {
        var timing = new SnapshotTiming(TimeSpan.FromSeconds(60), clock);
        timing.Save(() => clock.Seconds += 10);
        clock.Seconds += 199;
        Assert.False(timing.IsDue(endsEpoch: true));
        clock.Seconds += 1;
        Assert.True(timing.IsDue(endsEpoch: false));
    }

    private sealed class HandClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long GetTimestamp() => Seconds * TimestampFrequency;
    }
}
