namespace TsVlm.Serving.Windows;

/// <summary>How a stream is cut into windows, and what is reported of them.</summary>
public sealed record WindowSettings
{
    /// <summary>Most consecutive windows that an alarm can wait for.</summary>
    public const int MaxConsecutive = 1_000_000;

    /// <summary>Time steps of a window.</summary>
    public required int Window { get; init; }

    /// <summary>Time steps from the start of a window to that of the next; more than <see cref="Window"/> leaves steps out.</summary>
    public required int Hop { get; init; }

    /// <summary>
    /// Seconds of a time step, for samples with time stamps, which are brought to this regular grid; null where each sample is a step.
    /// </summary>
    public double? Interval { get; init; }

    /// <summary>Seconds between two samples above which the steps between them are missing values, and not interpolated.</summary>
    public double MaxGap { get; init; } = double.PositiveInfinity;

    /// <summary>Windows whose highest probability is lower abstain.</summary>
    public double MinConfidence { get; init; }

    /// <summary>When alarms are raised and cleared; null for no alarms.</summary>
    public AlarmSettings? Alarms { get; init; }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <param name="maxSteps">Most time steps of a window, and of a hop.</param>
    /// <exception cref="StreamException">A setting is out of its range.</exception>
    public WindowSettings Checked(int maxSteps)
    {
        Check(Window >= 1 && Window <= maxSteps, "window", $"from 1 to {maxSteps} time steps", $"{Window}");
        Check(Hop >= 1 && Hop <= maxSteps, "hop", $"from 1 to {maxSteps} time steps", $"{Hop}");
        Check(Interval is null or (> 0 and < double.PositiveInfinity), "interval", "seconds above 0", Text(Interval));
        Check(Interval is null || MaxGap >= Interval, "maxGap", $"seconds from the interval, {Text(Interval)}", Text(MaxGap));
        Check(MinConfidence is >= 0 and <= 1, "minConfidence", "a number from 0 to 1", Text(MinConfidence));
        Check(Alarms is null or { After: >= 1 and <= MaxConsecutive }, "alarms.after", $"from 1 to {MaxConsecutive} windows", $"{Alarms?.After}");
        Check(Alarms is null or { ClearAfter: >= 1 and <= MaxConsecutive }, "alarms.clearAfter", $"from 1 to {MaxConsecutive} windows",
            $"{Alarms?.ClearAfter}");
        return this;
    }

    /// <summary>Refuses alarms for classes that the model does not have.</summary>
    /// <exception cref="StreamException">A class is unknown.</exception>
    public void CheckClasses(IReadOnlyList<string> classes)
    {
        if (Alarms?.Classes?.FirstOrDefault(one => !classes.Contains(one)) is { } unknown)
            throw new StreamException($"alarms.classes: expected classes among {string.Join(", ", classes)}, found '{unknown}'.");
    }

    private static void Check(bool isRight, string setting, string expected, string found)
    {
        if (!isRight) throw new StreamException($"{setting}: expected {expected}, found {found}.");
    }

    private static string Text(double? number) => FormattableString.Invariant($"{number}");
}

/// <summary>When the alarm of a class is raised and cleared, so that a single odd window does neither.</summary>
/// <param name="After">Consecutive windows of the class, none of which abstains, that raise it.</param>
/// <param name="ClearAfter">Consecutive windows that are not of the class, or abstain, that clear it.</param>
/// <param name="Classes">Classes that have an alarm; null for all.</param>
public sealed record AlarmSettings(int After, int ClearAfter, IReadOnlyList<string>? Classes = null);
