using TsVlm.Serving.Windows;

namespace TsVlm.Serving.Tests.Windows;

public class AlarmStateTests
{
    /// <summary>A window a letter; - abstains. Behind each: the classes that are on.</summary>
    [Theory]
    [InlineData(1, 1, "aab-a", "a a b . a")]
    [InlineData(3, 2, "aabaaa", ". . . . . a")]
    [InlineData(2, 2, "aabaabb", ". a a a a a b")]
    [InlineData(2, 2, "aa-a--", ". a a a a .")]
    [InlineData(2, 3, "aabbb", ". a a ab b")]
    [InlineData(2, 1, "a-a-a", ". . . . .")]
    public void An_alarm_is_raised_by_consecutive_windows_and_cleared_by_consecutive_others(int after, int clearAfter, string windows, string expected)
    {
        var (state, active) = (new AlarmState(new(after, clearAfter)), new List<string>());
        var (before, changes) = (new HashSet<string>(), 0);
        foreach (var window in windows)
        {
            (var change, state) = state.Add(window == '-' ? null : $"{window}");
            active.Add(change.Active.Count == 0 ? "." : string.Concat(change.Active));
            Assert.Equal(change.Active.Except(before), change.Raised);
            Assert.Equal(before.Except(change.Active), change.Cleared);
            before = [.. change.Active];
            changes += change.Raised.Count;
        }
        Assert.Equal(expected, string.Join(' ', active));
        Assert.Equal(expected.Contains('a', StringComparison.Ordinal), changes > 0);
    }

    [Fact]
    public void Classes_that_are_not_named_raise_no_alarm()
    {
        var state = new AlarmState(new(1, 1, ["b"]));
        (var change, state) = state.Add("a");
        Assert.Empty(change.Active);
        Assert.Equal(["b"], state.Add("b").Change.Raised);
    }

    [Fact]
    public void Without_settings_there_are_no_alarms() => Assert.Same(AlarmChange.None, new AlarmState(null).Add("a").Change);
}
