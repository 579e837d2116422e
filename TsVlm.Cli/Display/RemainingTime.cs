using TsVlm.Contracts;

namespace TsVlm.Cli.Display;

/// <summary>How far a stage is.</summary>
/// <param name="RunId">Its run.</param>
/// <param name="Stage">Which of its run's stages.</param>
/// <param name="Kind">Stages of one kind take equally long for the same work: one scenario's training on several data sets.</param>
/// <param name="Work">Work planned, in a unit that is the same for all runs: passes over a data set of mean size.</param>
/// <param name="State">Whether it has begun or ended.</param>
/// <param name="Share">Share done as it reports it, from 0 to 1; 0 where it has not.</param>
internal readonly record struct StageObservation(string RunId, Stage Stage, string Kind, double Work, ObservedState State, double Share);

/// <summary>Where a stage is.</summary>
internal enum ObservedState
{
    /// <summary>It has not begun.</summary>
    Waiting,
    /// <summary>It is being worked on.</summary>
    Running,
    /// <summary>It is done, or will never be.</summary>
    Ended,
}

/// <summary>
/// Time that an experiment still takes, learnt from its own stages: a stage takes as long for its work as the finished ones of its kind;
/// where there are none, as the one of its kind that is running promises; else as all finished ones of that name. A running stage is also
/// judged by its own progress, the more the further it is. Where several run at a time, the time left is that of the last to end.
/// </summary>
internal sealed class RemainingTime
{
    // Before that its own progress says little of a stage: loading is in it.
    private const double MinShare = 0.1;
    private readonly Dictionary<(string RunId, Stage Stage), TimeSpan> begun = [];
    private readonly HashSet<(string RunId, Stage Stage)> ended = [];
    private readonly Dictionary<(Stage Stage, string Kind), Measured> finished = [];
    private readonly Dictionary<(Stage Stage, string Kind), double> promised = [];   // seconds for a unit of work
    private TimeSpan? first;
    private double secondsOfEnded;
    private int numSlots = 1;   // runs seen at a time

    /// <summary>Takes in where all stages are.</summary>
    /// <param name="stages">All stages of the experiment.</param>
    /// <param name="now">Time since any fixed moment.</param>
    /// <returns>The time left; null while nothing is known of a stage that is to come, such as the first training.</returns>
    public TimeSpan? Update(IReadOnlyList<StageObservation> stages, TimeSpan now)
    {
        first ??= now;
        foreach (var stage in stages) Observe(stage, now);
        var elapsed = 0.0;
        var isKnown = true;
        var secondsOfRun = new OrderedDictionary<string, double>();
        foreach (var stage in stages.Where(stage => stage.State is ObservedState.Running))
        {
            var soFar = (now - begun[(stage.RunId, stage.Stage)]).TotalSeconds;
            elapsed += soFar;
            Add(stage, SecondsLeft(stage, soFar));
        }
        numSlots = Math.Max(numSlots, secondsOfRun.Count);
        foreach (var stage in stages.Where(stage => stage.State is ObservedState.Waiting))
            Add(stage, (OfKind((stage.Stage, stage.Kind)) ?? OfName(stage.Stage)) * stage.Work);
        if (!isKnown) return null;
        // Below the number of slots where time passes between stages.
        var numAtATime = now > first.Value ? (secondsOfEnded + elapsed) / (now - first.Value).TotalSeconds : numSlots;
        return TimeSpan.FromSeconds(LastEnd([.. secondsOfRun.Values]) * numSlots / Math.Clamp(numAtATime, numSlots / 2.0, numSlots));

        void Add(StageObservation stage, double? seconds)
        {
            isKnown &= seconds is not null;
            secondsOfRun[stage.RunId] = secondsOfRun.GetValueOrDefault(stage.RunId) + (seconds ?? 0);
        }
    }

    /// <summary>When the last run ends, where each is taken up in its order as soon as one before has ended.</summary>
    private double LastEnd(IReadOnlyList<double> secondsOfRuns)
    {
        var ends = new double[Math.Max(1, numSlots)];
        foreach (var seconds in secondsOfRuns) ends[Array.IndexOf(ends, ends.Min())] += seconds;
        return ends.Max();
    }

    private void Observe(StageObservation stage, TimeSpan now)
    {
        var key = (stage.RunId, stage.Stage);
        if (stage.State is ObservedState.Running) begun.TryAdd(key, now);
        // Those that were done before are not measured.
        if (stage.State is not ObservedState.Ended || !ended.Add(key) || !begun.TryGetValue(key, out var start)) return;
        var seconds = (now - start).TotalSeconds;
        secondsOfEnded += seconds;
        var before = finished.GetValueOrDefault((stage.Stage, stage.Kind));
        finished[(stage.Stage, stage.Kind)] = new(before.Seconds + seconds, before.Work + stage.Work);
    }

    private double? SecondsLeft(StageObservation stage, double soFar)
    {
        var key = (stage.Stage, stage.Kind);
        var known = finished.TryGetValue(key, out var measured) ? measured.Seconds / measured.Work : OfName(stage.Stage);
        var byKind = known is { } rate ? Math.Max(0, (rate * stage.Work) - soFar) : (double?)null;
        if (stage.Share < MinShare) return byKind;
        var byProgress = soFar * (1 - stage.Share) / stage.Share;
        promised[key] = (soFar + byProgress) / stage.Work;
        return byKind is null ? byProgress : (byProgress * stage.Share) + (byKind.Value * (1 - stage.Share));
    }

    private double? OfKind((Stage, string) key) => finished.TryGetValue(key, out var measured) ? measured.Seconds / measured.Work
        : promised.TryGetValue(key, out var rate) ? rate : null;

    private double? OfName(Stage stage)
    {
        var same = finished.Where(kind => kind.Key.Stage == stage).Select(kind => kind.Value).ToList();
        if (same.Count > 0) return same.Sum(kind => kind.Seconds) / same.Sum(kind => kind.Work);
        var running = promised.Where(kind => kind.Key.Stage == stage).Select(kind => kind.Value).ToList();
        return running.Count > 0 ? running.Average() : null;
    }

    private readonly record struct Measured(double Seconds, double Work);
}
