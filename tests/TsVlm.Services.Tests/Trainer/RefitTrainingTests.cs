using TsVlm.Artifacts;
using TsVlm.Artifacts.Folders;
using TsVlm.Contracts;
using TsVlm.Services.Tests.Pipeline;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Scoring;

namespace TsVlm.Services.Tests.Trainer;

/// <summary>Trainings of the service that choose epochs on validation cases and then learn from these too, on a real store.</summary>
public sealed class RefitTrainingTests : IDisposable
{
    private static readonly Recipe Plain = new()
    {
        Trained = TrainedPart.Full, Epochs = 2, MicroBatchSize = 16, GradientAccumulation = 2, LearningRate = 1e-3,
        ProjectorLearningRate = 1e-3, Lora = new() { Rank = 4, Alpha = 8, Dropout = 0.1 }, Refit = true,
    };

    // So little that the probe, which fits the training cases well, becomes better on the others.
    private static readonly Recipe Guarded = Plain with
    {
        Trained = TrainedPart.Lora, ReadOut = ReadOut.AnswerProbe, Guard = true, Refit = null, LearningRate = 1e-6,
        ProjectorLearningRate = 1e-6,
    };

    private readonly TemporaryFolder folder = new();
    private readonly LogLines log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => ["full", "lora", "guarded"];

    /// <summary>Ten steps select, and up to fourteen refit.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_refit_stopped_at_any_point_goes_on_to_the_same_bytes(string kind)
    {
        var whole = Attempt("undisturbed", Of(kind));
        var expected = await whole.Run();
        Assert.Contains("0,", Rows(await Log(whole), "refit")[0], StringComparison.Ordinal);
        Assert.Contains(expected, file => file.Name.EndsWith("model.safetensors", StringComparison.Ordinal));
        var numSteps = (int)whole.Steps[^1];
        Assert.InRange(numSteps, 17, 24);

        foreach (var step in (int[])[3, 10, 11, numSteps - 1])
        {
            var stopped = Attempt("disturbed", Of(kind)) with { StopAfter = step };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(stopped.Run);
        }
        var last = Attempt("disturbed", Of(kind));
        Assert.Equal(expected, await last.Run());
        Assert.Equal(numSteps, last.Steps[0]);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("guarded")]
    public async Task A_refit_that_is_killed_goes_on_from_a_whole_snapshot_of_either_part(string kind)
    {
        var expected = await Attempt("undisturbed", Of(kind)).Run();
        foreach (var step in (int[])[10, 11, 12, 16])
        {
            // Within the selection, behind it, and twice in the refit.
            await Assert.ThrowsAsync<InvalidOperationException>((Attempt("disturbed", Of(kind)) with { DieAfter = step }).Run);
        }
        var last = Attempt("disturbed", Of(kind));
        var snapshots = Path.Combine(folder.Path, "disturbed", (await last.Key()).Path, "snapshots");
        Assert.Equal(["000000000014", "000000000015"], Directory.GetDirectories(snapshots).Select(Path.GetFileName).Order());
        using (var file = File.OpenWrite(Path.Combine(snapshots, "000000000015", "training-state.safetensors"))) file.SetLength(99);
        Assert.Equal(expected, await last.Run());
        Assert.Equal(15, last.Steps[0]);
    }

    [Fact]
    public async Task A_refit_has_epochs_and_temperature_of_the_training_that_did_not_learn_from_validation_cases()
    {
        var (with, without) = (Attempt("with", Plain), Attempt("without", Plain with { Refit = false }));
        var (refitted, selected) = (await with.Run(), await without.Run());
        Assert.Single(refitted.Intersect(selected), file => file.Name == ArtifactFiles.Calibration);
        Assert.Null((await Read<TemperatureScaling>(with, ArtifactFiles.Calibration)).NotFitted);
        var (both, one) = (await Log(with), await Log(without));
        Assert.Equal(one, both.Take(one.Length));
        Assert.Empty(Rows(one, "refit"));
        Assert.NotEqual(refitted.Single(file => file.Name == "model/model.safetensors"),
            selected.Single(file => file.Name == "model/model.safetensors"));

        var best = Rows(one, "training").Where(row => row.Split(',')[4].Length > 0).MinBy(row => Number(row, 4))!;
        Assert.Equal(Number(best, 1), Number(Rows(both, "refit")[^1], 1));
        var facts = StageFacts.Read(await Folder(with));
        Assert.Equal((2 * await with.NumTrain()) + (long)(Number(best, 1) * 198), facts.NumSamples);   // 198: with those for validation
    }

    [Fact]
    public async Task A_probe_that_tuning_made_better_is_fitted_and_tuned_on_all_cases()
    {
        var attempt = Attempt("out", Guarded);
        Assert.Contains(await attempt.Run(), file => file.Name == "model/adapter_model.safetensors");
        Assert.Contains("\"numCases\": 198", await Text(attempt, ArtifactFiles.ProbeFacts), StringComparison.Ordinal);
        Assert.NotEmpty(Rows(await Log(attempt), "refit"));

        var split = Attempt("split", Guarded with { Refit = false });
        await split.Run();
        Assert.Contains($"\"numCases\": {await split.NumTrain()}", await Text(split, ArtifactFiles.ProbeFacts), StringComparison.Ordinal);
        Assert.Equal(await Text(split, ArtifactFiles.Calibration), await Text(attempt, ArtifactFiles.Calibration));
    }

    [Fact]
    public async Task A_probe_that_tuning_made_worse_is_fitted_on_all_cases_and_nothing_is_refitted()
    {
        var attempt = Attempt("out", Guarded with { LearningRate = 0.9 });
        Assert.DoesNotContain(await attempt.Run(), file => file.Name.EndsWith("model.safetensors", StringComparison.Ordinal));
        Assert.Contains("\"numCases\": 198", await Text(attempt, ArtifactFiles.ProbeFacts), StringComparison.Ordinal);
        Assert.Empty(Rows(await Log(attempt), "refit"));
        Assert.Equal(10, attempt.Steps[^1]);
    }

    [Fact]
    public async Task Progress_goes_through_selection_and_refit_and_ends_at_its_total()
    {
        var attempt = Attempt("out", Plain);
        await attempt.Run();
        var refit = attempt.Progress.Where(at => at.Epoch > 2).ToList();
        Assert.NotEmpty(refit);
        Assert.Equal(Enumerable.Range(1, attempt.Steps.Count).Select(step => (long)step), attempt.Steps);
        Assert.All(attempt.Progress.Except(refit), at => Assert.Equal(10 + 14, at.Total));
        Assert.All(refit, at => Assert.Equal(attempt.Steps[^1], at.Total));
    }

    public void Dispose() => folder.Dispose();

    private static Recipe Of(string kind) => kind switch
    {
        "full" => Plain,
        "lora" => Plain with { Trained = TrainedPart.Lora },
        _ => Guarded,
    };

    private static string[] Rows(string[] rows, string part) => [.. rows.Where(row => row.EndsWith($",{part}", StringComparison.Ordinal))];

    private static double Number(string row, int column) =>
        double.Parse(row.Split(',')[column], System.Globalization.CultureInfo.InvariantCulture);

    private TrainingAttempt Attempt(string store, Recipe recipe)
    {
        if (!Directory.Exists(folder.File("micro"))) LocalPipeline.MicroModel(folder);
        return new(new FolderArtifactStore(folder.File(store)), recipe, folder.File("micro"), log);
    }

    private static async Task<string> Folder(TrainingAttempt attempt) => await attempt.Store.Fetch(await attempt.Key(), Stop);

    private static async Task<string> Text(TrainingAttempt attempt, string name) =>
        await File.ReadAllTextAsync(Path.Combine(await Folder(attempt), name), Stop);

    private static async Task<T> Read<T>(TrainingAttempt attempt, string name) => Json.Read<T>(Path.Combine(await Folder(attempt), name));

    private static async Task<string[]> Log(TrainingAttempt attempt) => [.. (await Text(attempt, ArtifactFiles.TrainingLog)).Trim().Split('\n')];
}
