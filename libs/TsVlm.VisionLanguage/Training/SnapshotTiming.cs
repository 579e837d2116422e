namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// When a training's state is worth saving: an interval after the last time, at the end of an epoch already after a sixth of it, and never
/// so often that saving takes more than a twentieth of the time. An interval of zero is after every step.
/// </summary>
internal sealed class SnapshotTiming(TimeSpan interval, TimeProvider clock)
{
    private const int EpochEndShare = 6;
    private const int WorkPerSaving = 20;

    private long last = clock.GetTimestamp();
    private TimeSpan took;

    /// <summary>Whether it is time after a step.</summary>
    public bool IsDue(bool endsEpoch)
    {
        if (interval == TimeSpan.Zero) return true;
        var elapsed = clock.GetElapsedTime(last);
        return elapsed >= (endsEpoch ? interval / EpochEndShare : interval) && elapsed >= took * WorkPerSaving;
    }

    /// <summary>Saves, and notes how long it took.</summary>
    public void Save(Action save)
    {
        var started = clock.GetTimestamp();
        save();
        last = clock.GetTimestamp();
        took = clock.GetElapsedTime(started, last);
    }
}
