using Microsoft.EntityFrameworkCore;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;

namespace TsVlm.Services.Tests.Scenarios;

/// <summary>
/// Experiments that share runs, two replicas of the scenarios service that each may have an old view of the run state, and workers whose
/// messages are lost, doubled, late and out of order. After every step it compares what is recorded with what must always hold.
/// </summary>
internal sealed class InterleavedWorld
{
    private static readonly RunSpec[] Runs = [Run("A", 0), Run("A", 1), Run("B", 0), Run("A", baseline: BaselineNames.Dtw)];

    private readonly Dictionary<string, RunSpec[]> experiments = new()
    {
        ["e"] = [Runs[0], Runs[1], Runs[3]],
        ["f"] = [Runs[1], Runs[2]],
        ["g"] = [Runs[2], Runs[3]],
    };

    private readonly IDbContextFactory<RunDatabase> databases;
    private readonly Random random;
    private readonly CancellationToken stop;
    private readonly Replica[] replicas;
    private readonly List<ReadyStage> commands = [];
    private readonly List<ReportExperiment> reportCommands = [];
    private readonly List<Func<Replica, Task>> events = [];
    private readonly Dictionary<(string Experiment, int Generation), IReadOnlyList<RunOutcome>> told = [];
    private readonly List<string> history = [];
    private bool isCalm;

    public InterleavedWorld(IDbContextFactory<RunDatabase> databases, int seed, CancellationToken stop)
    {
        (this.databases, this.stop, random) = (databases, stop, new Random(seed));
        replicas = [new(databases), new(databases)];
    }

    /// <summary>Reports that were recorded as done.</summary>
    public int NumReported { get; private set; }

    /// <summary>One action of a user, a replica or a worker, or two at once.</summary>
    public async Task Step()
    {
        var (first, second) = (Any(replicas), Any(replicas));
        if (random.Next(4) > 0) await Act(first);
        else await Task.WhenAll(Act(first), Act(second));
        await Check();
    }

    /// <summary>Nobody asks for anything any more and no message is lost: every experiment must come to its end.</summary>
    public async Task Settle()
    {
        isCalm = true;
        for (var turn = 0; turn < 200; turn++)
        {
            foreach (var replica in replicas)
            {
                await replica.Experiments.CancelUnwanted(100, null, stop);
                await Look(replica, DateTime.UtcNow.AddMinutes(1));
                await SendSeen(replica);
            }
            while (commands.Count > 0) Work();
            while (reportCommands.Count > 0) WriteReport();
            while (events.Count > 0) await Deliver(Any(replicas));
            await Check();
            if (await IsOver()) return;
        }
        Assert.Fail($"An experiment does not end.\n{await Describe()}");
    }

    private Task Act(Replica replica)
    {
        var experiment = Any(experiments.Keys.ToArray());
        switch (random.Next(20))
        {
            case 0: return Note($"submit {experiment}", () => replica.Experiments.Submit(experiment, experiments[experiment], stop));
            case 1: return Note($"cancel {experiment}", () => replica.Experiments.RequestCancel(experiment, stop));
            case 2: return Note("cancel some", () => replica.Experiments.CancelUnwanted(1, random.Next(2) == 0 ? experiment : null, stop));
            case 3: return Note($"retry {experiment}", () => replica.Experiments.Retry(experiment, stop));
            case 4 or 5 or 6: return Note("look", () => Look(replica, DateTime.UtcNow.AddMinutes(random.Next(3) == 0 ? 1 : -1)));
            case 7 or 8 or 9: return Note("send", () => SendSeen(replica));
            case 10 or 11 or 12: Work(); return Task.CompletedTask;
            case 13: WriteReport(); return Task.CompletedTask;
            case 14 when random.Next(6) == 0:
                var lost = RunStatus.ArtifactOf(Runs[0], Any([Stage.Datagen, Stage.Training]));
                return Note("lose", () => replica.Losses.Record(new(lost, "gone"), stop));
            default: return Deliver(replica);
        }
    }

    /// <summary>A replica reads what is to be sent, which may be long ago when it is sent.</summary>
    private async Task Look(Replica replica, DateTime heardBefore)
    {
        var (next, silent) = (await replica.Ready.Next(10, stop), await replica.Ready.Silent(heardBefore, 10, stop));
        var reports = await replica.Reports.Missing(heardBefore, stop);
        lock (replica) (replica.Seen, replica.SeenReports, replica.HeardBefore) = ([.. next, .. silent], reports, heardBefore);
    }

    private async Task SendSeen(Replica replica)
    {
        foreach (var at in await replica.Stages.MarkSent(replica.Seen, stop))
            lock (commands) commands.Add(at);
        foreach (var (id, _) in replica.SeenReports)
        {
            if (await replica.Reports.TryMarkSent(id, replica.HeardBefore, stop) is not { } command) continue;
            lock (told)
            {
                var key = (id, command.Generation);
                if (told.TryGetValue(key, out var before)) Assert.Equal(before, command.Summary.Runs);
                told[key] = command.Summary.Runs;
                reportCommands.Add(command);
            }
        }
    }

    private void Work()
    {
        lock (commands)
        {
            if (Take(commands) is not { } at) return;
            var (run, stage, generation) = (at.Run.Run.Id, at.Stage.Stage, at.Run.Generation);
            Func<Replica, Task> @event = random.Next(6) switch
            {
                0 when !isCalm => r => r.Stages.RecordHeartbeat(
                    new(run, stage, $"{random.Next(3)}", "w") { Generation = generation, IsRepeated = true, Saved = 1 }, stop),
                1 => r => r.Stages.MarkFailed(run, stage, $"failed at {generation}", stop, generation),
                2 when !isCalm => r => r.Stages.RequeueIfProgressed(run, stage, stop),
                _ => r => r.Stages.MarkDone(run, stage, stop),
            };
            Tell(@event, $"{stage} of {run[..8]} at {generation}");
        }
    }

    private void WriteReport()
    {
        lock (told)
        {
            if (Take(reportCommands) is not { } command) return;
            var (id, generation) = (command.ExperimentId, command.Generation);
            Tell(!isCalm && random.Next(4) == 0
                ? r => r.Reports.MarkFailed(id, generation, "failed", stop)
                : r => r.Reports.MarkReported(new(id, ArtifactKeys.Report(command.Summary)) { Generation = generation }, stop),
                $"report of {id} at {generation}");
        }
    }

    private void Tell(Func<Replica, Task> @event, string what)
    {
        if (!isCalm && random.Next(8) == 0) return;   // lost
        lock (events) events.Add(r => Note(what, () => @event(r)));
    }

    private async Task Deliver(Replica replica)
    {
        Func<Replica, Task>? @event;
        lock (events)
        {
            @event = Take(events);
            if (@event is not null && !isCalm && random.Next(5) == 0) events.Add(@event);   // it comes once more, later
        }
        if (@event is not null) await @event(replica);
    }

    private async Task Check()
    {
        await using var database = await databases.CreateDbContextAsync(stop);
        foreach (var row in await database.Experiments.AsNoTracking().Include(e => e.Runs.OrderBy(r => r.Position)).ThenInclude(r => r.Run.Stages)
            .ToListAsync(stop))
        {
            var runs = row.Runs.Select(r => RunStatus.Of(r.Run)).ToList();
            var what = $"{row.Id}, report {row.ReportStatus} of generation {row.ReportGeneration}";
            if (row.Intent is ExperimentIntent.Run)
                Assert.True(runs.All(run => !run.Cancelled), $"{what}: a wanted run is cancelled.\n{await Describe()}");
            if (row.ReportStatus is StageStatus.Waiting) continue;
            Assert.True(runs.All(run => run.Ended), $"{what}: a run is open.\n{await Describe()}");
            if (row.ReportStatus is not StageStatus.Done) continue;
            NumReported++;
            Assert.True(told[(row.Id, row.ReportGeneration)].SequenceEqual(runs.Select(run => run.Outcome)),
                $"{what}: it tells of runs that ended otherwise.\n{await Describe()}");
        }
    }

    private async Task<bool> IsOver()
    {
        await using var database = await databases.CreateDbContextAsync(stop);
        return await database.Experiments.AllAsync(e => e.ReportStatus == StageStatus.Done || e.ReportStatus == StageStatus.Failed, stop);
    }

    private async Task<string> Describe()
    {
        await using var database = await databases.CreateDbContextAsync(stop);
        var rows = await database.Experiments.AsNoTracking().Include(e => e.Runs).ThenInclude(r => r.Run.Stages).ToListAsync(stop);
        var state = rows.Select(e => $"{e.Id} {e.Intent} {e.ReportStatus} {e.ReportGeneration}: " + string.Join("; ", e.Runs.Select(r =>
            $"{r.RunId[..8]}@{r.Run.Generation} {string.Join(' ', r.Run.Stages.OrderBy(s => s.Stage).Select(s => s.Status))}")));
        return string.Join('\n', history.TakeLast(40).Concat(state));
    }

    private Task Note(string what, Func<Task> act)
    {
        lock (history) history.Add(what);
        return act();
    }

    private T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private T? Take<T>(List<T> from) where T : class
    {
        if (from.Count == 0) return null;
        var at = random.Next(from.Count);
        var taken = from[at];
        from.RemoveAt(at);
        return taken;
    }

    private static RunSpec Run(string dataset, int seed = 0, string? baseline = null) => new()
    {
        Dataset = new(dataset, new string('d', 64)),
        Split = new("official", 0),
        Seed = seed,
        Baseline = baseline,
        FineTuned = baseline is null ? new(new Scenario { Name = "both" }, new("tiny", "tiny", "m")) : null,
    };

    private sealed class Replica
    {
        public Replica(IDbContextFactory<RunDatabase> databases)
        {
            var transactions = new RunTransactions(databases);
            Experiments = new(databases, transactions, TimeProvider.System);
            Stages = new(databases, transactions, TimeProvider.System);
            Reports = new(databases, transactions, TimeProvider.System);
            Ready = new(databases);
            Losses = new(Stages, Reports);
        }

        public ExperimentStore Experiments { get; }

        public StageStore Stages { get; }

        public ReportStore Reports { get; }

        public ReadyStages Ready { get; }

        public LostArtifacts Losses { get; }

        public IReadOnlyList<ReadyStage> Seen { get; set; } = [];

        public IReadOnlyList<MissingReport> SeenReports { get; set; } = [];

        public DateTime HeardBefore { get; set; }
    }
}
