using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_process_ends_with_the_exit_code_of_its_command_and_the_error_on_standard_error()
    {
        using var cli = CliProcess.Start(folder.Path, "show", "CBF", "999");
        var result = await cli.End();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("expected a case from 0 to 347, found 999", result.Error.ReplaceLineEndings(" "));
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("run", "--resamples")]
    [InlineData("scenarios", "--dataset")]
    [InlineData("plan", "--device")]
    [InlineData("datasets", "--data")]
    [InlineData("show", "--scenario")]
    [InlineData("predict", "--checkpoint")]
    [InlineData("stream", "--window")]
    [InlineData("export", "--merge")]
    [InlineData("audit", "--strict")]
    [InlineData("compare", "--published")]
    [InlineData("early", "--prefixes")]
    [InlineData("gc", "--keep-days")]
    [InlineData("rationales", "--generator")]
    public async Task Help_teaches_each_command_with_an_example(string command, string option)
    {
        var result = await Cli.Run(folder.Path, command, "--help");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(option, result.Output);
        Assert.Contains($"tsvlm {command}", result.Output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("257")]
    [InlineData("x")]
    public async Task Runs_at_the_same_time_are_a_whole_number_within_bounds(string number)
    {
        var result = await Cli.Run(folder.Path, "run", "--parallel", number);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"--parallel: expected a whole number from 1 to 256, found '{number}'.", result.Error);
    }

    [Fact]
    public async Task Datasets_lists_the_built_in_ones()
    {
        var result = await Cli.Run(folder.Path, "datasets");
        Assert.Equal(0, result.ExitCode);
        foreach (var name in (string[])["CBF", "SyntheticControl", "TwoPatterns", "ShapeletSim"]) Assert.Contains(name, result.Output);
    }

    [Fact]
    public async Task Datasets_shows_a_row_for_each_that_cannot_be_read_and_names_files_it_does_not_read()
    {
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "Good_TRAIN.tsv"), "1\t1\t2\n2\t3\t4\n");
        File.WriteAllText(Path.Combine(data, "Bad_TRAIN.tsv"), "1\t1\tx\n");
        File.WriteAllText(Path.Combine(data, "Other_TRAIN.ts.gz"), "");

        var result = await Cli.Run(folder.Path, "datasets", "--data", data);

        Assert.Equal(1, result.ExitCode);
        Assert.Matches("Good.*2", result.Output);
        Assert.Matches("Bad.*error", result.Output);
        Assert.Contains("error: Bad_TRAIN.tsv(1): expected a number", result.Output);
        Assert.Contains("not read: Other_TRAIN.ts.gz: a compressed file is not read. Unpack it here.", result.Output);
    }

    [Fact]
    public async Task A_folder_without_a_data_set_is_an_error_that_names_what_is_not_read()
    {
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "Other_train.ts"), "");

        var result = await Cli.Run(folder.Path, "datasets", "--data", data);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("expected data sets (NAME/NAME_TRAIN.ts and NAME_TEST.ts, or NAME.csv), found none. Not read: Other_train.ts",
            result.Error);
    }

    [Fact]
    public async Task Scenarios_prints_the_papers_six_with_their_budget()
    {
        var result = await Cli.Run(folder.Path, "scenarios", "paper", "--dataset", "CBF");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("BASELINE_2048_adaptive_ds_plot_ds", result.Output);
        Assert.Contains("4096", result.Output);
    }

    [Fact]
    public async Task Plan_states_what_each_training_takes()
    {
        var result = await Cli.Run(folder.Path, "plan", "--device", "cpu");
        Assert.Equal(0, result.ExitCode);
        foreach (var part in (string[])["both", "activations", "3.05 M", "tiny on CBF, device cpu"]) Assert.Contains(part, result.Output);
    }

    /// <summary>Ten classes of three cases: each is in every part, so the parts are 10, 10 and 10.</summary>
    [Theory]
    [InlineData("datasets", "--data", "many")]
    [InlineData("scenarios", "quick", "--data", "many")]
    [InlineData("plan", "--device", "cpu", "--data", "many")]
    [InlineData("run", "--data", "many", "--protocol", "80-10-10", "--scenarios", "nearest.json", "--out", "out")]
    public async Task A_split_that_is_not_what_was_asked_for_is_told(params string[] command)
    {
        Directory.CreateDirectory(folder.File("many"));
        File.WriteAllText(folder.File("many/Many.csv"), $"label,{string.Join(',', Enumerable.Range(0, 12))}\n" + string.Concat(Enumerable.Range(0, 30).Select(i =>
            $"c{i % 10},{string.Join(',', Enumerable.Range(0, 12).Select(t => (t * (i + 1)) % 7))}\n")));
        File.WriteAllText(folder.File("nearest.json"), """
            { "name": "nearest", "baselines": ["1nn-ed"], "scenarios": [{ "name": "blank", "representation": { "arm": "blank-image", "text": "NONE",
              "contextLength": 192 }, "recipe": { "epochs": 0, "readOut": "tower-probe" } }] }
            """);
        var result = await Cli.Run(folder.Path, command);
        Assert.Contains("asks for 24 training, 3 validation and 3 test cases; the split has 10, 10 and 10",
            string.Join(' ', result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        if (command[0] == "run")
            Assert.Contains("the split has 10, 10 and 10 (33, 33 and 33 %)", File.ReadAllText(folder.File("out/report.html")));
    }

    [Fact]
    public async Task Show_writes_what_the_model_sees()
    {
        var result = await Cli.Run(folder.Path, "show", "CBF", "3", "--out", "sample.png");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("<image>", result.Output);
        Assert.Contains("Which class?", result.Output);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder.File("sample.png")).Take(4));
    }

    [Fact]
    public async Task Show_takes_the_kind_of_image_from_the_scenario_or_the_command()
    {
        var fromScenario = await Cli.Run(folder.Path, "show", "CBF", "3", "--scenarios", "images", "--scenario", "scalogram-three-views",
            "--out", "a.png");
        var fromCommand = await Cli.Run(folder.Path, "show", "CBF", "3", "--image-kind", "scalogram", "--views", "series-difference-sum",
            "--out", "b.png");
        Assert.Equal((0, 0), (fromScenario.ExitCode, fromCommand.ExitCode));
        Assert.Contains("scalogram, 112 x 112", fromScenario.Output);
        Assert.Equal(File.ReadAllBytes(folder.File("a.png")), File.ReadAllBytes(folder.File("b.png")));
    }

    [Fact]
    public async Task Scenarios_prints_the_kind_of_image()
    {
        var result = await Cli.Run(folder.Path, "scenarios", "images", "--dataset", "CBF");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("markov-transition-field", result.Output);
    }

    [Fact]
    public async Task Compare_sets_measured_beside_published_and_says_what_it_left_out()
    {
        File.WriteAllText(folder.File("results.csv"), Results);
        File.WriteAllText(folder.File("published.csv"),
            "dataset,method,accuracy,source\nGunPoint,ROCKET,1,paper\nCoffee,ROCKET,0.99,paper\n");
        var result = await Cli.Run(folder.Path, "compare", "--results", "results.csv", "--published", "published.csv", "--classifiers",
            "both,1nn-ed,ROCKET", "--out", "out");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ROCKET (published)", result.Output);
        Assert.Contains("Left out, no result of ROCKET (published): CBF.", result.Output);
        Assert.Equal("Estimators:,both,1nn-ed,ROCKET (published)", File.ReadLines(folder.File("out/tsml-eval/accuracy_mean.csv")).First());
        Assert.Contains("<svg", File.ReadAllText(folder.File("out/compare.html")));
    }

    [Theory]
    [InlineData("\"Estimators:\",\"'@both\",\"1nn-ed\"")]
    [InlineData("Estimators:,@both,1nn-ed", "--raw-csv")]
    public async Task Compare_escapes_texts_that_begin_like_formulas_unless_raw_files_are_asked_for(string header, params string[] options)
    {
        File.WriteAllText(folder.File("results.csv"), Results.Replace("both", "@both", StringComparison.Ordinal));
        var result = await Cli.Run(folder.Path, ["compare", "--results", "results.csv", "--out", "out", .. options]);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(header, File.ReadLines(folder.File("out/tsml-eval/accuracy_mean.csv")).First());
    }

    [Theory]
    [InlineData("expected an NVIDIA GPU that this build can use", "run", "--device", "cuda:4096")]
    [InlineData("expected a case from 0 to 347, found 999", "show", "CBF", "999")]
    [InlineData("--image-kind: expected one of line-plot, area-plot,", "show", "CBF", "3", "--image-kind", "pie-chart")]
    [InlineData("--image-kind has no effect beside --checkpoint", "show", "CBF", "3", "--checkpoint", ".", "--image-kind", "scalogram")]
    [InlineData("NoSuchSet", "run", "--datasets", "NoSuchSet")]
    [InlineData("qiuck", "run", "--scenarios", "qiuck")]
    [InlineData("--resamples: expected numbers such as 0, 0,2 or 0..4", "run", "--resamples", "x")]
    [InlineData("--seed: expected numbers such as 0, 0,2 or 0..4", "run", "--seed", "0..")]
    [InlineData("70-30", "run", "--protocol", "70-30")]
    [InlineData("no folder at", "run", "--model", "no-such-model")]
    [InlineData("expected a run's folder", "predict", "--checkpoint", ".", "--series", "new.csv")]
    [InlineData("expected the run to export", "export", "--to", "x")]
    [InlineData("--merge has no effect with --format llava-json", "export", "--format", "llava-json", "--to", "x", "--merge")]
    [InlineData("--datasets has no effect with --format hf", "export", "--checkpoint", "x", "--to", "x", "--datasets", "CBF")]
    [InlineData("expected a run's folder", "export", "--checkpoint", ".", "--to", "x")]
    [InlineData("expected a file at no-such.csv", "compare", "--results", "no-such.csv")]
    [InlineData("new.csv(1): expected the columns dataset, protocol", "compare", "--results", "new.csv")]
    [InlineData("results.csv(3): expected a share from 0 to 1", "compare", "--results", "results.csv")]
    [InlineData("--results", "compare")]
    [InlineData("expected the folder of a tsvlm run", "gc", "--out", "no-such-folder")]
    [InlineData("ConnectionStrings__runs: expected Host=HOST", "gc", "--services")]
    [InlineData("--out has no effect beside --services", "gc", "--services", "--out", "x")]
    [InlineData("expected a number from 0", "gc", "--keep-days", "-1")]
    [InlineData("--out: expected a value, found an empty one", "run", "--out", "")]
    [InlineData("--checkpoint: expected a value, found an empty one", "predict", "--checkpoint", "", "--series", "new.csv")]
    [InlineData("--datasets: expected one or more names, found none", "datasets", "--datasets", ",")]
    [InlineData("--samples: expected a number from 2 to 2147483647, found 'many'", "audit", "--samples", "many")]
    [InlineData("--samples: expected a number from 2 to 2147483647, found '1'", "audit", "--samples", "1")]
    [InlineData("--price-in: expected a number from 0 to 1000000, found 'NaN'", "rationales", "--generator", "chat", "--endpoint", "http://localhost:1/v1",
        "--chat-model", "m", "--price-in", "NaN")]
    [InlineData("--scenarios has no effect beside --checkpoint", "show", "CBF", "3", "--checkpoint", ".", "--scenarios", "paper")]
    public async Task A_wrong_argument_gets_one_clear_error_and_a_failing_exit_code(string expected, params string[] arguments)
    {
        File.WriteAllText(folder.File("new.csv"), "t0,t1,t2\n0,1,2\n");
        File.WriteAllText(folder.File("results.csv"), Results.Replace("0.8", "80%", StringComparison.Ordinal));
        var result = await Cli.Run(folder.Path, arguments);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(expected, (result.Error + result.Output).ReplaceLineEndings(" "));
        Assert.DoesNotContain("   at ", result.Error);
    }

    public void Dispose() => folder.Dispose();

    private const string Results =
        "dataset,protocol,resample,seed,scenario,model,num_train,num_test,num_classes,accuracy\n"
        + "GunPoint,official,0,0,both,tiny,50,150,2,0.9\nGunPoint,official,0,0,baseline:1nn-ed,1nn-ed,50,150,2,0.8\n"
        + "Coffee,official,0,0,both,tiny,28,28,2,0.75\nCoffee,official,0,0,baseline:1nn-ed,1nn-ed,28,28,2,1\n"
        + "CBF,official,0,0,both,tiny,30,900,3,0.7\nCBF,official,0,0,baseline:1nn-ed,1nn-ed,30,900,3,0.85\n";
}
