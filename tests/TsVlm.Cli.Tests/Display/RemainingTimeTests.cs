using System.Globalization;
using TsVlm.Cli.Display;
using TsVlm.Contracts;
using TsVlm.Tests;

namespace TsVlm.Cli.Tests.Display;

public class RemainingTimeTests
{
    private const double NumTicksPerSecond = 4;

    /// <summary>
    /// Stages of a <c>tsvlm run</c> on the built-in data sets, as they followed each other: loading, work that reports its progress, and
    /// what comes after it. In seconds of processor time, halved for two cores, as other work on the machine changed meanwhile.
    /// </summary>
    private static IReadOnlyList<RecordedStage> Recording { get; } =
        [.. File.ReadLines(Path.Combine(TestFolders.Fixture("display"), "recorded-stages.csv")).Skip(1).Select(RecordedStage.Parse)];

    [Fact]
    public void The_time_left_is_within_30_percent_of_the_truth_from_a_quarter_of_the_way_on()
    {
        var total = Recording.Sum(stage => stage.Seconds);
        foreach (var (now, left) in Replay(Recording))
        {
            var truth = total - now;
            if (now < total / 4) continue;
            Assert.NotNull(left);
            // Two seconds more or less are no matter near the end.
            Assert.True(Math.Abs(left.Value - truth) <= Math.Max(0.3 * truth, 2),
                FormattableString.Invariant($"at {now:0.0} s of {total:0.0}: expected {truth:0.0} s left, found {left:0.0}"));
        }
    }

    [Fact]
    public void The_time_shown_climbs_by_less_than_a_tenth_of_the_whole_from_a_quarter_of_the_way_on()
    {
        var total = Recording.Sum(stage => stage.Seconds);
        var shown = Replay(Recording).Where(at => at.Now >= total / 4).Select(at => at.Left!.Value).ToList();
        Assert.InRange(shown.Zip(shown.Skip(1)).Sum(pair => Math.Max(0, pair.Second - pair.First)), 0, total / 10);
    }

    [Fact]
    public void No_time_is_shown_before_the_first_training_however_much_else_is_known()
    {
        var remaining = new RemainingTime();
        StageObservation[] stages =
        [
            new("a", Stage.Evaluation, "baseline", 9, ObservedState.Running, 0),
            new("b", Stage.Training, "text", 2, ObservedState.Waiting, 0),
            new("b", Stage.Evaluation, "text", 1, ObservedState.Waiting, 0),
        ];
        Assert.Null(remaining.Update(stages, TimeSpan.Zero));
        stages[0] = stages[0] with { State = ObservedState.Ended };
        Assert.Null(remaining.Update(stages, TimeSpan.FromSeconds(1)));
        stages[1] = stages[1] with { State = ObservedState.Running, Share = 0.5 };
        Assert.NotNull(remaining.Update(stages, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void A_single_training_is_judged_by_its_own_progress()
    {
        var remaining = new RemainingTime();
        var training = new StageObservation("a", Stage.Training, "text", 4, ObservedState.Running, 0);
        Assert.Null(remaining.Update([training], TimeSpan.Zero));
        Assert.Equal(30, remaining.Update([training with { Share = 0.25 }], TimeSpan.FromSeconds(10))!.Value.TotalSeconds, 1e-6);
        Assert.Equal(TimeSpan.Zero, remaining.Update([training with { State = ObservedState.Ended }], TimeSpan.FromSeconds(40)));
    }

    [Fact]
    public void Stages_that_were_done_before_are_not_taken_for_fast_ones()
    {
        var remaining = new RemainingTime();
        StageObservation[] stages =
        [
            new("a", Stage.Training, "text", 4, ObservedState.Ended, 0),
            new("b", Stage.Training, "text", 4, ObservedState.Running, 0),
            new("c", Stage.Training, "text", 4, ObservedState.Waiting, 0),
        ];
        Assert.Null(remaining.Update(stages, TimeSpan.Zero));
        stages[1] = stages[1] with { State = ObservedState.Ended };
        stages[2] = stages[2] with { State = ObservedState.Running };
        Assert.Equal(20, remaining.Update(stages, TimeSpan.FromSeconds(20))!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Two_stages_at_a_time_halve_the_time_left()
    {
        var remaining = new RemainingTime();
        StageObservation Run(string id, ObservedState state) => new(id, Stage.Training, "text", 4, state, 0);
        _ = remaining.Update([Run("a", ObservedState.Running), Run("b", ObservedState.Running), Run("c", ObservedState.Waiting),
            Run("d", ObservedState.Waiting)], TimeSpan.Zero);
        var left = remaining.Update([Run("a", ObservedState.Ended), Run("b", ObservedState.Ended), Run("c", ObservedState.Running),
            Run("d", ObservedState.Running)], TimeSpan.FromSeconds(10));
        Assert.Equal(10, left!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void A_last_run_takes_its_own_time_however_many_ran_at_a_time_before()
    {
        var remaining = new RemainingTime();
        StageObservation Run(string id, ObservedState state) => new(id, Stage.Training, "text", 4, state, 0);
        _ = remaining.Update([Run("a", ObservedState.Running), Run("b", ObservedState.Running), Run("c", ObservedState.Waiting)],
            TimeSpan.Zero);
        var left = remaining.Update([Run("a", ObservedState.Ended), Run("b", ObservedState.Ended), Run("c", ObservedState.Running)],
            TimeSpan.FromSeconds(10));
        Assert.Equal(10, left!.Value.TotalSeconds, 1e-6);
    }

    private static IEnumerable<(double Now, double? Left)> Replay(IReadOnlyList<RecordedStage> recording)
    {
        var (remaining, countdown) = (new RemainingTime(), new SteadyCountdown());
        var total = recording.Sum(stage => stage.Seconds);
        for (var now = 0.0; now < total; now += 1 / NumTicksPerSecond)
        {
            var time = TimeSpan.FromSeconds(now);
            yield return (now, countdown.Update(remaining.Update(At(recording, now), time), time)?.TotalSeconds);
        }
    }

    private static List<StageObservation> At(IReadOnlyList<RecordedStage> recording, double now)
    {
        var (start, stages) = (0.0, new List<StageObservation>());
        foreach (var stage in recording)
        {
            var state = now >= start + stage.Seconds ? ObservedState.Ended : now >= start ? ObservedState.Running : ObservedState.Waiting;
            stages.Add(new(stage.RunId, stage.Stage, stage.Scenario, stage.Work, state, stage.Work > 0 && stage.Progress > 0
                ? Math.Clamp((now - start - stage.Loading) / stage.Progress, 0, 1) : 0));
            start += stage.Seconds;
        }
        return stages;
    }

    private sealed record RecordedStage(string RunId, string Scenario, Stage Stage, double Work, double Loading, double Progress,
        double After)
    {
        public double Seconds => Loading + Progress + After;

        public static RecordedStage Parse(string line)
        {
            var fields = line.Split(',');
            double Number(int column) => double.Parse(fields[column], CultureInfo.InvariantCulture);
            return new($"{fields[0]}.{fields[1]}", fields[1], Enum.Parse<Stage>(fields[2], ignoreCase: true), Number(3), Number(4),
                Number(5), Number(6));
        }
    }
}
