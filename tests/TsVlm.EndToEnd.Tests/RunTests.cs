using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public RunTests() => File.WriteAllText(folder.File("grid.json"), """
        {
          "name": "short", "baselines": ["1nn-ed", "1nn-dtw"],
          "defaults": {
            "representation": { "contextLength": 160, "downsampling": "block-mean", "numbers": { "digits": 1 }, "answers": "index" },
            "recipe": { "trained": "projector-and-language-model", "epochs": 0.5, "microBatchSize": 4, "gradientAccumulation": 1, "learningRate": 1e-3 }
          },
          "scenarios": [ { "name": "text", "representation": { "arm": "text" } }, { "name": "both" } ]
        }
        """);

    [Fact]
    public async Task Run_writes_results_predictions_and_a_report_that_predict_can_use()
    {
        var result = await Run("out");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        Assert.Contains("epoch", result.Output);
        Assert.Contains("samples/s", result.Output);
        Assert.Contains("report.html", result.Output);

        var lines = File.ReadAllLines(folder.File("out/results.csv"));
        Assert.Equal(
            "dataset,protocol,resample,seed,scenario,model,epochs,num_train,num_test,num_classes,accuracy,balanced_accuracy,macro_f1,auroc,nll,ece,"
            + "train_seconds,eval_seconds,train_samples_per_second,peak_rss_mb", lines[0]);
        Assert.Equal(["baseline:1nn-ed", "baseline:1nn-dtw", "text", "both"], lines.Skip(1).Select(l => l.Split(',')[4]));

        var run = Directory.GetDirectories(folder.File("out/runs")).Single(d => d.Contains(".both.", StringComparison.Ordinal));
        var steps = Enumerable.Range(0, 128);
        File.WriteAllText(folder.File("new.csv"), string.Join(',', steps.Select(i => $"t{i}")) + "\n" + string.Join(',', steps.Select(i => i is > 40 and < 90 ? 6 : 0)) + "\n");
        var predicted = await Cli.Run(folder.Path, "predict", "--checkpoint", run, "--series", "new.csv");
        Assert.True(predicted.ExitCode == 0, predicted.Error);
        var rows = predicted.Output.Trim().Split('\n');
        Assert.Equal("index,prediction,probability_cylinder,probability_bell,probability_funnel", rows[0]);
        Assert.Equal(1, rows[1].Split(',').Skip(2).Sum(p => double.Parse(p, System.Globalization.CultureInfo.InvariantCulture)), 1e-4);
    }

    [Fact]
    public async Task Gc_tells_and_then_removes_what_a_forgotten_experiment_leaves_and_the_next_run_makes_it_anew()
    {
        File.WriteAllText(folder.File("grid.json"), """{ "name": "short", "baselines": ["1nn-ed"], "defaults": { "representation": { "arm": "text" }, "recipe": { "epochs": 0.1 } } }""");
        Assert.Equal(0, (await Run("out")).ExitCode);
        var nothing = await Cli.Run(folder.Path, "gc", "--out", "out");
        Assert.True(nothing.ExitCode == 0, nothing.Error);
        Assert.Contains("Removed 0.0 MB in all", nothing.Output);

        var told = await Cli.Run(folder.Path, "gc", "--out", "out", "--keep-days", "0", "--dry-run");
        foreach (var line in (string[])["would be forgotten", "Would remove evaluations: 2 (", "Would remove checkpoints: 1 (", "Would remove datasets: 1 (", "Would remove run folders: 2"]) Assert.Contains(line, told.Output);
        Assert.Equal(2, Directory.GetDirectories(folder.File("out/runs")).Length);

        var done = await Cli.Run(folder.Path, "gc", "--out", "out", "--keep-days", "0");
        Assert.Contains("Removed evaluations: 2 (", done.Output);
        Assert.Empty(Directory.GetDirectories(folder.File("out/runs")));
        Assert.DoesNotContain(Directory.GetFiles(folder.File("out/artifacts"), "*", SearchOption.AllDirectories), f => f.EndsWith("manifest.json", StringComparison.Ordinal));
        Assert.Equal(0, (await Run("out")).ExitCode);
        Assert.Equal(2, Directory.GetDirectories(folder.File("out/runs")).Length);
    }

    [Fact]
    public async Task A_run_that_was_stopped_and_one_that_was_killed_go_on_and_end_with_the_same_results()
    {
        Assert.Equal(0, (await Run("undisturbed")).ExitCode);

        using (var stopped = Start("disturbed"))
        {
            await WaitFor(() => Directory.Exists(folder.File("disturbed/artifacts/samples")));
            stopped.Interrupt();
            var result = await stopped.End();
            Assert.Equal(130, result.ExitCode);
            Assert.Contains("goes on from here", result.Output);
        }
        using (var killed = Start("disturbed"))
        {
            await WaitFor(() => Directory.Exists(folder.File("disturbed/artifacts/checkpoint")));
            killed.Kill();
            await killed.End();
        }
        Assert.Equal(0, (await Run("disturbed")).ExitCode);
        foreach (var run in Directory.GetDirectories(folder.File("undisturbed/runs")))
        {
            var twin = run.Replace("undisturbed", "disturbed", StringComparison.Ordinal);
            foreach (var file in Directory.GetFiles(run))
                Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(twin, Path.GetFileName(file))));
        }
    }

    [Fact]
    public async Task A_training_stopped_and_killed_in_its_middle_goes_on_to_the_same_results()
    {
        var grid = File.ReadAllText(folder.File("grid.json"));
        File.WriteAllText(folder.File("grid.json"), grid.Replace("\"epochs\": 0.5", "\"epochs\": 4", StringComparison.Ordinal)
            .Replace("{ \"name\": \"text\", \"representation\": { \"arm\": \"text\" } }, ", "", StringComparison.Ordinal));
        Assert.Equal(0, (await Run("undisturbed")).ExitCode);

        // How soon the first step is done depends on the machine.
        for (var seconds = 1; Snapshots("disturbed").Length == 0; seconds *= 2)
        {
            using var stopped = Start("disturbed");
            await WaitFor(() => Directory.Exists(folder.File("disturbed/artifacts/samples")));
            await Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
            stopped.Interrupt();
            Assert.Equal(130, (await stopped.End()).ExitCode);
        }
        using (var killed = Start("disturbed"))
        {
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            killed.Kill();
            await killed.End();
        }
        Assert.NotEmpty(Snapshots("disturbed"));
        var last = await Cli.Run(folder.Path, [.. Arguments("disturbed"), "--verbose"]);
        Assert.Equal(0, last.ExitCode);
        Assert.Contains("goes on from", last.Error);
        Assert.Empty(Snapshots("disturbed"));
        var run = Path.GetFileName(Directory.GetDirectories(folder.File("undisturbed/runs")).Single(d => d.Contains(".both.", StringComparison.Ordinal)));
        foreach (var file in (string[])["training.csv", "predictions.csv"])
            Assert.Equal(File.ReadAllText(folder.File($"undisturbed/runs/{run}/{file}")), File.ReadAllText(folder.File($"disturbed/runs/{run}/{file}")));
    }

    [Fact]
    public async Task A_loop_over_data_sets_into_one_folder_keeps_all_rows_and_each_report()
    {
        File.WriteAllText(folder.File("grid.json"), """{ "name": "short", "baselines": ["1nn-ed"], "defaults": { "representation": { "arm": "text" }, "recipe": { "epochs": 0 } } }""");
        foreach (var dataset in (string[])["CBF", "ShapeletSim"])
        {
            var result = await Cli.Run(folder.Path, "run", "--datasets", dataset, "--scenarios", "grid.json", "--out", "out");
            Assert.True(result.ExitCode == 0, result.Error + result.Output);
        }
        Assert.Equal(["CBF", "CBF", "ShapeletSim", "ShapeletSim"], File.ReadLines(folder.File("out/results.csv")).Skip(1).Select(line => line.Split(',')[0]));
        Assert.Equal(2, Directory.GetFiles(folder.File("out/experiments"), "report.html", SearchOption.AllDirectories).Length);

        File.WriteAllText(folder.File("out/runs.db"), new string('x', 10_000));
        var damaged = await Cli.Run(folder.Path, "run", "--datasets", "CBF", "--scenarios", "grid.json", "--out", "out");
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains("runs.db: expected the run state of tsvlm run, found a damaged file", damaged.Error);
        Assert.DoesNotContain("   at ", damaged.Error);
    }

    [Fact]
    public async Task Two_processes_cannot_work_in_one_folder()
    {
        using var first = Start("out");
        await WaitFor(() => File.Exists(folder.File("out/runs.db")));
        var second = await Run("out");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another tsvlm is working in this folder", second.Error.ReplaceLineEndings(" "));
        first.Kill();
        await first.End();
    }

    public void Dispose() => folder.Dispose();

    private Task<CliResult> Run(string output) => Cli.Run(folder.Path, Arguments(output));

    private Cli Start(string output) => Cli.Start(folder.Path, Arguments(output));

    private static string[] Arguments(string output) => ["run", "--datasets", "CBF", "--scenarios", "grid.json", "--out", output];

    private string[] Snapshots(string output) => Directory.Exists(folder.File($"{output}/artifacts/checkpoint"))
        ? Directory.GetDirectories(folder.File($"{output}/artifacts/checkpoint"), "0*", SearchOption.AllDirectories).Where(d => d.Contains("snapshots", StringComparison.Ordinal)).ToArray()
        : [];

    private static async Task WaitFor(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1200, "The command made no progress within a minute.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
