using System.Collections.Immutable;

namespace TsVlm.Serving.Windows;

/// <summary>What a window did to the alarms of its stream.</summary>
/// <param name="Active">Classes whose alarm is on behind the window, sorted.</param>
/// <param name="Raised">Those that it raised.</param>
/// <param name="Cleared">Those that it cleared.</param>
public sealed record AlarmChange(IReadOnlyList<string> Active, IReadOnlyList<string> Raised, IReadOnlyList<string> Cleared)
{
    /// <summary>No alarm before or behind.</summary>
    public static AlarmChange None { get; } = new([], [], []);
}

/// <summary>
/// The alarms of a stream, debounced: each class is raised after so many consecutive windows with it, and cleared after so many without.
/// Immutable.
/// </summary>
public sealed class AlarmState
{
    private readonly AlarmSettings? settings;
    private readonly ImmutableSortedDictionary<string, ClassAlarm> alarms;   // of classes that are on, or of the window before

    /// <summary>Before the first window.</summary>
    /// <param name="settings">When alarms are raised and cleared; null for no alarms.</param>
    public AlarmState(AlarmSettings? settings)
        : this(settings, ImmutableSortedDictionary.Create<string, ClassAlarm>(StringComparer.Ordinal))
    {
    }

    private AlarmState(AlarmSettings? settings, ImmutableSortedDictionary<string, ClassAlarm> alarms) =>
        (this.settings, this.alarms) = (settings, alarms);

    /// <summary>What the next window does.</summary>
    /// <param name="label">Its class; null where it abstains.</param>
    public (AlarmChange Change, AlarmState Next) Add(string? label)
    {
        if (settings is null) return (AlarmChange.None, this);
        var (next, raised, cleared) = (alarms, new List<string>(), new List<string>());
        foreach (var (name, alarm) in alarms.Where(alarm => alarm.Key != label))
        {
            var without = alarm with { NumWith = 0, NumWithout = alarm.NumWithout + 1 };
            if (without.IsOn && without.NumWithout < settings.ClearAfter)
            {
                next = next.SetItem(name, without);
                continue;
            }
            next = next.Remove(name);
            if (alarm.IsOn) cleared.Add(name);
        }
        if (label is not null && settings.Classes?.Contains(label) != false)
        {
            var alarm = alarms.GetValueOrDefault(label);
            var with = new ClassAlarm(alarm.IsOn || alarm.NumWith + 1 >= settings.After, Math.Min(alarm.NumWith + 1, settings.After), 0);
            next = next.SetItem(label, with);
            if (with.IsOn && !alarm.IsOn) raised.Add(label);
        }
        return (new([.. next.Where(alarm => alarm.Value.IsOn).Select(alarm => alarm.Key)], raised, cleared), new(settings, next));
    }

    private readonly record struct ClassAlarm(bool IsOn, int NumWith, int NumWithout);
}
