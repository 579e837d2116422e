using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using TsVlm.Cli.Display;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Scenarios.State;

namespace TsVlm.Cli.Tests.Display;

public class RunDisplayTests
{
    [Fact]
    public async Task Every_finished_run_gets_a_row_with_its_accuracy_in_a_pipe()
    {
        var monitor = new RunMonitor();
        RunStatus[] before = [Baseline("CBF", "1nn-ed", StageStatus.Sent), Baseline("SyntheticControl", "1nn-dtw", StageStatus.Waiting)];
        RunStatus[] after = [Baseline("CBF", "1nn-ed", StageStatus.Done), Baseline("SyntheticControl", "1nn-dtw", StageStatus.Done)];
        monitor.Note(before[0].Run.Id, Result(before[0].Run, 0.95333));
        monitor.Note(before[1].Run.Id, Result(before[1].Run, 1));
        var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Interactive = InteractionSupport.No, Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });

        var states = new Queue<RunStatus[]>([before, after]);
        await new RunDisplay(console, monitor, TimeProvider.System)
            .Follow(() => Task.FromResult<IReadOnlyList<RunStatus>>(states.Count > 1 ? states.Dequeue() : states.Peek()),
                TestContext.Current.CancellationToken);

        var rows = output.ToString().Split('\n').Where(line => line.StartsWith('✓')).ToList();
        Assert.StartsWith("✓ CBF               baseline:1nn-ed   accuracy 0.953  1 of 2  0:0", rows[0]);
        Assert.StartsWith("✓ SyntheticControl  baseline:1nn-dtw  accuracy 1.000  2 of 2  0:0", rows[1]);
    }

    [Fact]
    public async Task A_row_on_a_terminal_stands_beside_its_mark()
    {
        var run = Baseline("CBF", "1nn-ed", StageStatus.Sent);
        var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Interactive = InteractionSupport.Yes, Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(output) });
        var states = new Queue<RunStatus[]>([[run], [Baseline("CBF", "1nn-ed", StageStatus.Failed)]]);

        await new RunDisplay(console, new RunMonitor(), TimeProvider.System)
            .Follow(() => Task.FromResult<IReadOnlyList<RunStatus>>(states.Count > 1 ? states.Dequeue() : states.Peek()),
                TestContext.Current.CancellationToken);

        Assert.Matches("✗(\u001b\\[[0-9;]*m)* CBF", output.ToString());
    }

    [Fact]
    public async Task Runs_at_the_same_time_each_get_a_line_in_a_pipe()
    {
        RunStatus[] both = [Baseline("CBF", "1nn-ed", StageStatus.Sent), Baseline("CBF", "1nn-dtw", StageStatus.Sent)];
        RunStatus[] after = [Baseline("CBF", "1nn-ed", StageStatus.Failed), Baseline("CBF", "1nn-dtw", StageStatus.Failed)];
        var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Interactive = InteractionSupport.No, Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        var states = new Queue<RunStatus[]>([both, both, both, after]);

        await new RunDisplay(console, new RunMonitor(), TimeProvider.System)
            .Follow(() => Task.FromResult<IReadOnlyList<RunStatus>>(states.Count > 1 ? states.Dequeue() : states.Peek()),
                TestContext.Current.CancellationToken);

        Assert.Equal(["CBF · baseline:1nn-ed · evaluation · run 1 of 2", "CBF · baseline:1nn-dtw · evaluation · run 1 of 2"],
            output.ToString().Split('\n').Where(line => line.StartsWith("CBF", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1.5, 6, "epoch 1.5/2 · 6/18")]
    [InlineData(2.25, 10, "refit, epoch 0.3 · 10/18")]
    public async Task A_training_s_line_says_epoch_and_steps_and_whether_it_is_the_refit(double epoch, int done, string expected)
    {
        var spec = new RunSpec
        {
            Dataset = new("CBF", "0"), Split = new("official", 0), Seed = 0,
            FineTuned = new(new Scenario { Name = "both", Recipe = new() { Refit = true } }, new("tiny", "tiny", "0")),
        };
        RunStatus Status(StageStatus status) => new(spec, 0, [new(Stage.Training, status, 1, null)]);
        var (monitor, output) = (new RunMonitor(), new StringWriter { NewLine = "\n" });
        monitor.Note(new StageProgressed(spec.Id, Stage.Training) { Done = done, Total = 18, Epoch = epoch });
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Interactive = InteractionSupport.No, Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        var states = new Queue<RunStatus[]>([[Status(StageStatus.Sent)], [Status(StageStatus.Sent)], [Status(StageStatus.Failed)]]);
        await new RunDisplay(console, monitor, TimeProvider.System)
            .Follow(() => Task.FromResult<IReadOnlyList<RunStatus>>(states.Count > 1 ? states.Dequeue() : states.Peek()),
                TestContext.Current.CancellationToken);
        Assert.Contains($"CBF · both · training · {expected} · run 1 of 1", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_without_epochs_gets_another_line_every_half_minute_in_a_pipe()
    {
        var run = Baseline("CBF", "1nn-ed", StageStatus.Sent);
        var (clock, output) = (new FakeTimeProvider(), new StringWriter { NewLine = "\n" });
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Interactive = InteractionSupport.No, Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        var (started, numReads) = (clock.GetTimestamp(), 0);
        Task<IReadOnlyList<RunStatus>> Read()
        {
            numReads++;
            return Task.FromResult<IReadOnlyList<RunStatus>>([clock.GetElapsedTime(started) < TimeSpan.FromSeconds(85)
                ? run : Baseline("CBF", "1nn-ed", StageStatus.Failed)]);
        }

        var display = new RunDisplay(console, new RunMonitor(), clock).Follow(Read, TestContext.Current.CancellationToken);
        while (!display.IsCompleted)
        {
            var before = numReads;
            clock.Advance(TimeSpan.FromSeconds(1));
            // The clock goes on when the display has looked; or when it was not waiting yet, and missed the second.
            SpinWait.SpinUntil(() => numReads > before || display.IsCompleted, TimeSpan.FromSeconds(2));
        }
        await display;
        Assert.Equal(3, output.ToString().Split('\n').Count(line => line == "CBF · baseline:1nn-ed · evaluation · run 1 of 1"));
    }

    [Fact]
    public async Task A_display_ends_when_there_are_no_runs_any_more()
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Interactive = InteractionSupport.No, Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(TextWriter.Null) });
        var states = new Queue<RunStatus[]>([[Baseline("CBF", "1nn-ed", StageStatus.Sent)], []]);
        Assert.Empty(await new RunDisplay(console, new RunMonitor(), TimeProvider.System)
            .Follow(() => Task.FromResult<IReadOnlyList<RunStatus>>(states.Dequeue()), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_row_fits_80_columns_whatever_the_names_and_is_whole_in_a_pipe()
    {
        var run = Baseline(new string('d', 60), "1nn-dtw", StageStatus.Done);
        var time = TimeSpan.FromMinutes(75);
        Assert.InRange(new RunRows([run], 80).Of(run, 0.5, 1, time).Length, 60, 79);
        Assert.Contains("accuracy 0.500  1 of 1  1:15:00", new RunRows([run], 80).Of(run, 0.5, 1, time));
        Assert.Contains(new string('d', 60), new RunRows([run], null).Of(run, 0.5, 1, time));
    }

    [Fact]
    public void A_failed_run_gets_a_row_with_its_stage_and_reason()
    {
        var run = Baseline("CBF", "1nn-ed",
            StageStatus.Failed) with { Stages = [new(Stage.Evaluation, StageStatus.Failed, 1, "no memory")] };
        Assert.Equal("✗ CBF · baseline:1nn-ed failed in evaluation: no memory", new RunRows([run], 80).Of(run, null, 1, TimeSpan.Zero));
    }

    private static RunStatus Baseline(string dataset, string name, StageStatus status) => new(
        new RunSpec { Dataset = new(dataset, "0"), Split = new("official", 0), Seed = 0, Baseline = name },
        0, [new(Stage.Evaluation, status, 1, null)]);

    private static RunResult Result(RunSpec run, double accuracy) => new()
    {
        Run = run, NumTrain = 1, NumTest = 1, NumClasses = 2, Accuracy = accuracy, BalancedAccuracy = accuracy, MacroF1 = accuracy,
            Auroc = accuracy, Nll = 0, Ece = 0,
        TrainSeconds = 0, EvalSeconds = 0, TrainSamplesPerSecond = 0, PeakRssMb = 0,
    };
}
