using System.Globalization;
using AngleSharp.Html.Parser;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

public sealed class RunTests(SmallExperiment experiment) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Run_writes_progress_results_predictions_and_a_report()
    {
        Assert.Contains("epoch", experiment.Answer.Output);
        Assert.Contains("samples/s", experiment.Answer.Output);
        Assert.Contains("report.html", experiment.Answer.Output);

        string[] scenarios = ["baseline:1nn-ed", "baseline:1nn-dtw", "text", "both", "adapter"];
        var lines = File.ReadAllLines(Path.Combine(experiment.Folder, "out", "results.csv"));
        Assert.Equal(
            "dataset,protocol,resample,seed,scenario,model,epochs,num_train,num_test,num_classes,accuracy,balanced_accuracy,macro_f1,auroc,nll,ece,"
            + "train_seconds,eval_seconds,train_samples_per_second,peak_rss_mb", lines[0]);
        Assert.Equal(scenarios, lines.Skip(1).Select(l => l.Split(',')[4]));
        foreach (var scenario in (string[])["text", "both", "adapter"])
            Assert.Equal(1 + SmallData.NumTest, File.ReadLines(Path.Combine(experiment.RunOf(scenario), "predictions.csv")).Count());

        var page = new HtmlParser().ParseDocument(File.ReadAllText(Path.Combine(experiment.Folder, "out", "report.html")));
        Assert.NotEmpty(page.QuerySelectorAll("table"));
        Assert.All(scenarios,
            scenario => Assert.Contains(scenario.Replace("baseline:", "", StringComparison.Ordinal), page.Body!.TextContent));
    }

    [Fact]
    public async Task Predict_gives_each_class_of_a_run_a_probability()
    {
        var steps = Enumerable.Range(0, 128).ToList();
        File.WriteAllText(folder.File("new.csv"),
            $"{string.Join(',', steps.Select(i => $"t{i}"))}\n{string.Join(',', steps.Select(i => i is > 40 and < 90 ? 6 : 0))}\n");
        var predicted = await Cli.Run(folder.Path, "predict", "--checkpoint", experiment.RunOf("both"), "--series", "new.csv");
        Assert.True(predicted.ExitCode == 0, predicted.Error);
        var rows = predicted.Output.Trim().Split('\n');
        Assert.Equal(["index", "prediction", "probability_bell", "probability_cylinder", "probability_funnel"], rows[0].Trim().Split(',')
            .Order());
        Assert.Equal(1, rows[1].Split(',').Skip(2).Sum(p => double.Parse(p, CultureInfo.InvariantCulture)), 1e-4);

        File.WriteAllText(folder.File("new.ts"), "@classLabel false\n@data\n1,2,3:4,5,6\n");
        var refused = await Cli.Run(folder.Path, "predict", "--checkpoint", experiment.RunOf("both"), "--series", "new.ts");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("new.ts(3): Series: expected 1 channels", refused.Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task Gc_removes_what_a_forgotten_experiment_leaves_and_the_next_run_makes_it_anew()
    {
        SmallExperiment.Prepare(folder, """{ "name": "text", "representation": { "arm": "text" }, "recipe": { "epochs": 0.1 } }""");
        Assert.Equal(0, (await Run("out")).ExitCode);
        var nothing = await Cli.Run(folder.Path, "gc", "--out", "out");
        Assert.True(nothing.ExitCode == 0, nothing.Error);
        Assert.Contains("Removed 0.0 MB in all", nothing.Output);

        var dry = await Cli.Run(folder.Path, "gc", "--out", "out", "--keep-days", "0", "--dry-run");
        foreach (var line in (string[])["would be forgotten", "Would remove evaluations: 3 (", "Would remove checkpoints: 1 (",
            "Would remove datasets: 1 (", "Would remove run folders: 3"])
            Assert.Contains(line, dry.Output);
        Assert.Equal(3, Directory.GetDirectories(folder.File("out/runs")).Length);

        var done = await Cli.Run(folder.Path, "gc", "--out", "out", "--keep-days", "0");
        Assert.Contains("Removed evaluations: 3 (", done.Output);
        Assert.Empty(Directory.GetDirectories(folder.File("out/runs")));
        Assert.DoesNotContain(
            Directory.GetFiles(folder.File("out/artifacts"), "*", SearchOption.AllDirectories),
                f => f.EndsWith("manifest.json", StringComparison.Ordinal));
        Assert.Equal(0, (await Run("out")).ExitCode);
        Assert.Equal(3, Directory.GetDirectories(folder.File("out/runs")).Length);
    }

    [Fact]
    public async Task A_training_stopped_and_then_killed_goes_on_to_the_same_results()
    {
        SmallExperiment.Prepare(folder, SmallExperiment.Both);
        using (var stopped = Start("out"))
        {
            await stopped.WaitForOutput("epoch");
            stopped.Interrupt();
            var result = await stopped.End();
            Assert.Equal(130, result.ExitCode);
            Assert.Contains("goes on from here", result.Output);
        }
        Assert.NotEmpty(Snapshots());
        using (var killed = Start("out"))
        {
            await killed.WaitForError("goes on from");
            killed.Kill();
            Assert.NotEqual(0, (await killed.End()).ExitCode);
        }
        Assert.NotEmpty(Snapshots());

        var last = await Run("out");
        Assert.Equal(0, last.ExitCode);
        Assert.Contains("goes on from", last.Error);
        Assert.Empty(Snapshots());
        var runs = Directory.GetDirectories(folder.File("out/runs"));
        Assert.Equal(3, runs.Length);
        foreach (var run in runs)
        {
            var undisturbed = Path.Combine(experiment.Folder, "out", "runs", Path.GetFileName(run));
            Assert.Equal(Directory.GetFiles(undisturbed).Select(Path.GetFileName).Order(), Directory.GetFiles(run).Select(Path.GetFileName)
                .Order());
            foreach (var file in Directory.GetFiles(run))
                Assert.Equal(File.ReadAllText(Path.Combine(undisturbed, Path.GetFileName(file))), File.ReadAllText(file));
        }
    }

    [Fact]
    public async Task A_loop_over_data_sets_into_one_folder_keeps_all_rows_and_each_report()
    {
        File.WriteAllText(folder.File("grid.json"), """
            {
              "name": "short", "baselines": ["1nn-ed"],
              "defaults": {
                "representation": { "arm": "text", "contextLength": 192, "downsampling": "block-mean", "numbers": { "digits": 1 } },
                "recipe": { "epochs": 0 }
              }
            }
            """);
        foreach (var dataset in (string[])["CBF", "ShapeletSim"])
        {
            var result = await Cli.Run(folder.Path, "run", "--datasets", dataset, "--scenarios", "grid.json", "--out", "out");
            Assert.True(result.ExitCode == 0, result.Error + result.Output);
        }
        Assert.Equal(["CBF", "CBF", "ShapeletSim", "ShapeletSim"], File.ReadLines(folder.File("out/results.csv")).Skip(1)
            .Select(line => line.Split(',')[0]));
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
        SmallExperiment.Prepare(folder, SmallExperiment.Both);
        using var first = Start("out");
        await first.WaitForOutput(SmallData.Name);
        var second = await Run("out");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another tsvlm is working in this folder", second.Error.ReplaceLineEndings(" "));
        first.Kill();
        await first.End();
    }

    public void Dispose() => folder.Dispose();

    private Task<CliResult> Run(string output) => Cli.Run(folder.Path, [.. SmallExperiment.Arguments(output), "--verbose"]);

    private CliProcess Start(string output) => CliProcess.Start(folder.Path, [.. SmallExperiment.Arguments(output), "--verbose"]);

    private string[] Snapshots() =>
        [.. Directory.GetDirectories(folder.File("out/artifacts/checkpoint"), "0*", SearchOption.AllDirectories)
        .Where(d => d.Contains("snapshots", StringComparison.Ordinal))];
}
