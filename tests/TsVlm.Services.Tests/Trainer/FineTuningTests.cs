using Microsoft.Extensions.Logging;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Folders;
using TsVlm.Contracts;
using TsVlm.Datagen;
using TsVlm.Experiments;
using TsVlm.Models;
using TsVlm.Scenarios.Experiments;
using TsVlm.Services.Tests.Pipeline;
using TsVlm.Tests;
using TsVlm.Trainer;

namespace TsVlm.Services.Tests.Trainer;

/// <summary>Trainings of the service that end before their time, on a real store.</summary>
public sealed class FineTuningTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LogLines log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TrainedPart.Full, "model/model.safetensors")]
    [InlineData(TrainedPart.Lora, "model/adapter_model.safetensors")]
    public async Task A_training_stopped_at_a_step_goes_on_to_the_same_bytes(TrainedPart trained, string weights)
    {
        var expected = await Attempt("undisturbed", trained).Run();
        Assert.Contains(expected, file => file.Name == weights);
        Assert.Contains(expected, file => file.Name == ArtifactFiles.TrainingLog);

        foreach (var step in (int[])[2, 3, 7])
        {
            var stopped = Attempt("disturbed", trained) with { StopAfter = step };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(stopped.Run);
        }
        var last = Attempt("disturbed", trained);
        Assert.Equal(expected, await last.Run());
        Assert.Equal(8, last.Steps[0]);
        Assert.Equal(3, log.Count(line => line.Contains("goes on from", StringComparison.Ordinal)));
    }

    /// <summary>What a killed process leaves: snapshots, of which the last may be half written.</summary>
    [Fact]
    public async Task A_killed_training_goes_on_from_the_last_snapshot_that_is_whole()
    {
        var expected = await Attempt("undisturbed", TrainedPart.Full).Run();
        var killed = Attempt("disturbed", TrainedPart.Full) with { DieAfter = 6 };
        await Assert.ThrowsAsync<InvalidOperationException>(killed.Run);
        var snapshots = Path.Combine(folder.Path, "disturbed", (await killed.Key()).Path, "snapshots");
        Assert.Equal(["000000000004", "000000000005"], Directory.GetDirectories(snapshots).Select(Path.GetFileName).Order());
        using (var file = File.OpenWrite(Path.Combine(snapshots, "000000000005", "training-state.safetensors"))) file.SetLength(file.Length
            / 2);

        var last = Attempt("disturbed", TrainedPart.Full);
        Assert.Equal(expected, await last.Run());
        Assert.Equal(5, last.Steps[0]);
        Assert.Equal(1, log.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)
            && line.Contains("000000000005", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(snapshots));
    }

    [Fact]
    public async Task A_snapshot_of_a_training_with_adapters_leaves_out_the_weights_that_do_not_learn()
    {
        var stopped = Attempt("out", TrainedPart.Lora) with { StopAfter = 1 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(stopped.Run);
        var snapshot = await stopped.Store.FetchNewestSnapshot(await stopped.Key(), Assert.Fail, Stop);
        using var state = new TsVlm.VisionLanguage.Files.SafetensorsFile(Path.Combine(snapshot!, "training-state.safetensors"));
        Assert.All(state.Tensors.Keys,
            name => Assert.Matches(@"^(weight|first|second)\.(multi_modal_projector\.|.*\.lora_[AB]\.weight$)", name));
        Assert.NotEmpty(state.Tensors);
    }

    [Fact]
    public async Task The_seconds_of_a_stage_include_those_before_an_interruption()
    {
        var stopped = Attempt("out", TrainedPart.Full) with { StopAfter = 4, Clock = new HourlyClock() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(stopped.Run);
        var last = Attempt("out", TrainedPart.Full);
        await last.Run();
        var facts = StageFacts.Read(await last.Store.Fetch(await last.Key(), Stop));
        Assert.InRange(facts.Seconds, 4 * 3600, 48 * 3600);
        Assert.Equal(2 * await last.NumTrain(), facts.NumSamples);
    }

    [Fact]
    public async Task A_probe_tells_how_many_samples_it_has_read()
    {
        var attempt = Attempt("out", TrainedPart.Full);
        var probe = attempt with { Recipe = new() { ReadOut = ReadOut.AnswerProbe, Epochs = 0 } };
        await probe.Run();
        Assert.Equal(198, probe.Steps[^1]);   // all training and validation cases of CBF
        Assert.Equal(probe.Steps.Order(), probe.Steps);
    }

    public void Dispose() => folder.Dispose();

    private TrainingAttempt Attempt(string store, TrainedPart trained)
    {
        var recipe = new Recipe { Trained = trained, Epochs = 2, GradientAccumulation = 2,
            Lora = new() { Rank = 4, Alpha = 8, Dropout = 0.1 }, GroupByLength = true };
        if (!Directory.Exists(folder.File("micro"))) LocalPipeline.MicroModel(folder);
        return new(new FolderArtifactStore(folder.File(store)), recipe, folder.File("micro"), log);
    }

    /// <summary>A clock that jumps by an hour whenever it is read.</summary>
    private sealed class HourlyClock : TimeProvider
    {
        private long hours;

        public override long GetTimestamp() => ++hours * 3600 * TimestampFrequency;
    }
}

/// <summary>One attempt at the same training, which may end before its time.</summary>
internal sealed record TrainingAttempt(FolderArtifactStore Store, Recipe Recipe, string Model, LogLines Log)
{
    public int? StopAfter { get; init; }

    public int? DieAfter { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What this attempt told.</summary>
    public List<StageProgressed> Progress { get; } = [];

    /// <summary>The steps done in this attempt, counted from 1.</summary>
    public List<long> Steps => [.. Progress.Select(progress => progress.Done)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Trains; the files of the trained model but for the time it took.</summary>
    public async Task<IReadOnlyList<ArtifactFile>> Run()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = await Spec();
        await new SampleGeneration(Store, ModelCatalog.ByPath, TimeProvider.System).Run(new(run.Id, run), _ => { }, Stop);
        var settings = new TrainerSettings { NumThreads = 1, TimeBetweenSnapshots = DieAfter is null
            ? TimeSpan.FromDays(365) : TimeSpan.Zero };
        var trained = await new FineTuning(Store, ModelCatalog.ByPath, settings, Clock, Log).Run(new(run.Id, run), Note, stop.Token);
        return [.. (await Store.Find(trained.Checkpoint, Stop))!.Files.Where(file => file.Name != StageFacts.FileName)];

        void Note(StageProgressed progress)
        {
            Progress.Add(progress);
            if (progress.Done == StopAfter) stop.Cancel();
            if (progress.Done == DieAfter) throw new InvalidOperationException("killed");
        }
    }

    public async Task<ArtifactKey> Key() => ArtifactKeys.Checkpoint(await Spec());

    public async Task<int> NumTrain() =>
        Json.Read<SamplesReport>(
            Path.Combine(await Store.Fetch(ArtifactKeys.Samples(await Spec()), Stop), ArtifactFiles.SamplesReport)).NumTrain;

    private async Task<RunSpec> Spec()
    {
        var start = ModelFolder.Open(Model);
        var representation =
            new Representation { ContextLength = 192, Downsampling = DownsamplingMethod.BlockMean, Numbers = new() { Digits = 1 },
                Answers = AnswerFormat.Index };
        return new()
        {
            Dataset = await new DatasetImport(Store).Run(new DatasetCatalog(null).Open("CBF"), Stop),
            Split = new("official", 0),
            Seed = 0,
            FineTuned = new(new() { Name = "resumed", Representation = representation, Recipe = Recipe },
                new(start.Name, Model, start.ContentHash)),
        };
    }
}

/// <summary>What a class logged, a line each, level first.</summary>
internal sealed class LogLines : ILogger<FineTuning>
{
    private readonly List<string> lines = [];

    public int Count(Func<string, bool> condition) => lines.Count(condition);

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        lines.Add($"{logLevel}: {formatter(state, exception)}");
}
