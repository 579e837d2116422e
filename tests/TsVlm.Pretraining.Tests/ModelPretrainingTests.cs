using System.Text.Json.Nodes;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Pretraining.Descriptions;
using TsVlm.Pretraining.Synthetic;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.Pretraining.Tests;

public sealed class ModelPretrainingTests : IDisposable
{
    private static readonly PretrainingSettings Settings = new()
    {
        NumSteps = 50, BatchSize = 16, NumComponents = 8, NumTeacherSeries = 100, NumValidation = 32, LearningRate = 3e-3,
            Precision = Precision.Float32,
    };

    private const string Head = "language_model.lm_head.weight", Tower = "vision_tower.vision_model.embeddings.patch_embedding.weight";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_tower_learns_what_the_teacher_says_and_nothing_else_of_the_model_changes()
    {
        using var model = Model(Settings);
        var before = Weights(model);
        var result = new ModelPretraining(Micro(), Settings, 1, TimeProvider.System).Run(model, new FineTuningCallbacks(), null, Stop);
        var after = Weights(model);
        Assert.InRange(result.Steps[0].Loss, 0.5, 3);   // 1 is a tower that says nothing
        Assert.InRange(result.Steps.Last(step => step.ValidationLoss is not null).ValidationLoss!.Value, 0,
            0.97 * result.Steps.First(s => s.ValidationLoss is not null).ValidationLoss!.Value);
        Assert.All(before.Keys, name => Assert.Equal(!LearnsIn(name), before[name].SequenceEqual(after[name])));
    }

    [Fact]
    public void From_the_tower_on_projector_and_decoder_learn_to_carry_it_to_the_answer()
    {
        var tower = folder.File("tower");
        using (var drawn = Model(Settings)) Checkpoint.Save(drawn, tower, Micro().Path);
        var settings = Settings with { Part = PretrainedPart.Answers, Start = "a-hash", Descriptions = true };
        using var model = new ModelPretraining(ModelFolder.Open(tower), settings, 1, TimeProvider.System).CreateModel(ComputeDevice.Cpu);
        var before = Weights(model);
        var result = new ModelPretraining(ModelFolder.Open(tower), settings, 1, TimeProvider.System).Run(model, new FineTuningCallbacks(),
            null, Stop);
        var (after, validated) = (Weights(model), result.Steps.Where(step => step.ValidationLoss is not null).ToList());
        Assert.InRange(validated[^1].ValidationLoss!.Value, 0, 0.99 * validated[0].ValidationLoss!.Value);
        string[] learns = ["multi_modal_projector.linear_1.weight", "language_model.model.layers.0.self_attn.v_proj.weight"];
        Assert.All(learns, name => Assert.NotEqual(before[name], after[name]));
        Assert.Equal(before[Tower], after[Tower]);   // it has learnt already
        Assert.NotEqual(before[Head], after[Head]);    // it writes descriptions

        using var silent = new ModelPretraining(ModelFolder.Open(tower), settings, 1, TimeProvider.System).CreateModel(ComputeDevice.Cpu);
        new ModelPretraining(ModelFolder.Open(tower), settings with { NumSteps = 2, Descriptions = false }, 1, TimeProvider.System)
            .Run(silent, new FineTuningCallbacks(), null, Stop);
        Assert.Equal(before[Head], Weights(silent)[Head]);

        foreach (var (trained, used, name) in new[] { (model, settings, "speaks"), (silent, settings with { Descriptions = false }, "silent") })
            new PretrainedFolder(folder.File(name), ModelFolder.Open(tower), used).Finish(trained, result);
        using var describer = new SeriesDescriber(ModelFolder.Open(folder.File("speaks")), ComputeDevice.Cpu, 1);
        Assert.Single(describer.Describe([new TimeSeries([[1, 2, 3, 4, 5, 6, 7, 8]])], Stop));
        var untaught = Assert.Throws<CheckpointException>(
            () => new SeriesDescriber(ModelFolder.Open(folder.File("silent")), ComputeDevice.Cpu, 1));
        Assert.Contains("expected a model that has learnt to describe series", untaught.Message);

        var error = Assert.Throws<CheckpointException>(() =>
            new ModelPretraining(Micro(), settings, 1, TimeProvider.System).CreateModel(ComputeDevice.Cpu));
        Assert.Contains("expected a model whose vision tower was pretrained, found no weights", error.Message);
    }

    [Fact]
    public void A_tower_learns_on_from_the_weights_of_a_start_and_needs_some()
    {
        var tower = folder.File("tower");
        using var drawn = Model(Settings with { Seed = 3 });
        Checkpoint.Save(drawn, tower, Micro().Path);
        var settings = Settings with { Start = "a-hash" };
        using var model = new ModelPretraining(ModelFolder.Open(tower), settings, 1, TimeProvider.System).CreateModel(ComputeDevice.Cpu);
        Assert.Equal(Weights(drawn)[Tower], Weights(model)[Tower]);
        using var random = Model(Settings);
        Assert.NotEqual(Weights(random)[Tower], Weights(model)[Tower]);
        var before = Weights(model)[Tower];
        new ModelPretraining(ModelFolder.Open(tower), settings with { NumSteps = 2 }, 1, TimeProvider.System)
            .Run(model, new FineTuningCallbacks(), null, Stop);
        Assert.NotEqual(before, Weights(model)[Tower]);
        var error = Assert.Throws<CheckpointException>(() =>
            new ModelPretraining(Micro(), settings, 1, TimeProvider.System).CreateModel(ComputeDevice.Cpu));
        Assert.Contains("Run tsvlm pretrain without --part answers and --keep-weights first", error.Message);
    }

    [Fact]
    public void Classes_are_few_mostly_at_times_many_and_all_different()
    {
        var random = new Random(4);
        string[][] drawn = [.. Enumerable.Range(0, 200).Select(_ => SyntheticClasses.Names(random))];
        Assert.All(drawn, names => Assert.Distinct(names));
        Assert.InRange(drawn.Count(names => names.Length <= 10), 100, 190);
        Assert.InRange(drawn.Max(names => names.Length), 40, 60);
    }

    [Fact]
    public void A_stopped_pretraining_resumes_to_the_same_weights()
    {
        using var whole = Model(Settings);
        new ModelPretraining(Micro(), Settings, 1, TimeProvider.System).Run(whole, new FineTuningCallbacks(), null, Stop);

        var pretrained = new PretrainedFolder(folder.File("out"), Micro(), Settings);
        using var stop = new CancellationTokenSource();
        using (var begun = Model(Settings))
        {
            var callbacks = new FineTuningCallbacks
            {
                Snapshot = pretrained.Save,
                Progress = at =>
                {
                    if (at.Step.Step == 20) stop.Cancel();
                },
            };
            Assert.Throws<OperationCanceledException>(() =>
                new ModelPretraining(Micro(), Settings, 1, TimeProvider.System).Run(begun, callbacks, null, stop.Token));
        }
        Assert.NotNull(pretrained.Snapshot);
        var other = Assert.Throws<CheckpointException>(() =>
            new PretrainedFolder(folder.File("out"), Micro(), Settings with { NumComponents = 9 }));
        Assert.Contains("found an unfinished pretraining with {", other.Message);
        // Killed after the old snapshot was removed, and in the middle of the next.
        Directory.Move(folder.File("out/snapshot"), folder.File("out/snapshot.tmp"));
        Assert.NotNull(new PretrainedFolder(folder.File("out"), Micro(), Settings).Snapshot);
        Directory.CreateDirectory(folder.File("out/snapshot.tmp"));
        Assert.NotNull(new PretrainedFolder(folder.File("out"), Micro(), Settings).Snapshot);
        Assert.False(Directory.Exists(folder.File("out/snapshot.tmp")));
        using var continued = Model(Settings);
        var result = new ModelPretraining(Micro(), Settings, 1, TimeProvider.System).Run(continued, new FineTuningCallbacks(),
            pretrained.Snapshot, Stop);
        Assert.Equal(Weights(whole), Weights(continued));
        Assert.Equal(50, result.Steps.Count);

        pretrained.Finish(continued, result);
        Assert.True(new PretrainedFolder(folder.File("out"), Micro(), Settings).IsFinished);
        Assert.Equal(51, File.ReadLines(folder.File("out/pretraining.csv")).Count());
        using var loaded = ModelStart.Create(ModelFolder.Open(folder.File("out")), new ModelOptions { Seed = 99 });
        Assert.Equal(Weights(whole), Weights(loaded));
    }

    public static TheoryData<PretrainingSettings, string> OutOfBounds => new()
    {
        { Settings with { LearningRate = double.NaN }, "Pretraining, LearningRate: expected 1E-09 to 1, found NaN." },
        { Settings with { LearningRate = double.PositiveInfinity }, "Pretraining, LearningRate: expected 1E-09 to 1, found Infinity." },
        { Settings with { LearningRate = -1e-3 }, "Pretraining, LearningRate: expected 1E-09 to 1, found -0.001." },
        { Settings with { WeightDecay = double.NaN }, "Pretraining, WeightDecay: expected 0 to 1, found NaN." },
        { Settings with { BatchSize = 12 }, "Pretraining, BatchSize, in groups of 8: expected 8 to 65536, found 12." },
        { Settings with { NumValidation = 8 }, "Pretraining, NumValidation: expected 16 to 2147483647, found 8." },
        { Settings with { NumSteps = 0 }, "Pretraining, NumSteps: expected 1 to 10000000, found 0." },
        { Settings with { NumTeacherSeries = 8 }, "Pretraining, NumTeacherSeries: expected 9 to 2147483647, found 8." },
    };

    [Theory]
    [MemberData(nameof(OutOfBounds), DisableDiscoveryEnumeration = true)]
    public void Settings_out_of_bounds_are_refused_before_the_first_step(PretrainingSettings settings, string expected)
    {
        var error = Assert.Throws<FineTuningException>(() => Model(settings));
        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void The_standard_settings_are_within_bounds() => Assert.Empty(new PretrainingSettings().Problems());

    /// <summary>The last step's loss is measured before its weights change.</summary>
    [Fact]
    public void Weights_that_the_last_step_spoils_are_not_kept()
    {
        using var model = Model(Settings);
        var recipe = new Recipe { MicroBatchSize = 2, LearningRate = double.NaN, WarmupRatio = 0 };
        using var images = new DistillationBatch(TorchSharp.torch.zeros(2, 3, 112, 112), TorchSharp.torch.ones(2, 1));
        var distillation = new Distillation(model, recipe, [[1.0]], 0, TimeProvider.System);
        var error = Assert.Throws<FineTuningException>(() => distillation.Run(
            1, _ => new DistillationBatch(TorchSharp.torch.zeros(2, 3, 112, 112), TorchSharp.torch.ones(2, 1)), [images],
            new FineTuningCallbacks(), null, Stop));
        Assert.StartsWith("Validation after step 0: expected a finite loss, found NaN.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_another_model_is_refused()
    {
        using var model = Model(Settings);
        var first = new PretrainedFolder(folder.File("out"), Micro(), Settings);
        first.Finish(model, new ModelPretraining(Micro(), Settings, 1, TimeProvider.System).Run(model, new FineTuningCallbacks(), null,
            Stop));
        var error = Assert.Throws<CheckpointException>(() => new PretrainedFolder(folder.File("out"), Micro(), Settings with { Seed = 5 }));
        Assert.Contains("expected a new or empty folder, or this very pretraining (", error.Message);
        Assert.Contains("found a model pretrained with {", error.Message);
        Assert.Contains("Name another folder", error.Message);
    }

    public void Dispose() => folder.Dispose();

    private static bool LearnsIn(string name) =>
        name.StartsWith("vision_tower.", StringComparison.Ordinal) && !name.Contains("post_layernorm", StringComparison.Ordinal)
        && !name.Contains("layers.1.", StringComparison.Ordinal);   // above the layer that is read

    private Llava Model(PretrainingSettings settings) =>
        new ModelPretraining(Micro(), settings, 1, TimeProvider.System).CreateModel(ComputeDevice.Cpu);

    private static Dictionary<string, byte[]> Weights(Llava model) =>
        model.named_parameters().ToDictionary(p => p.name, p => p.parameter.bytes.ToArray());

    /// <summary>The embedded model's folder with its sizes cut down.</summary>
    private ModelFolder Micro()
    {
        var path = folder.File("micro");
        if (Directory.Exists(path)) return ModelFolder.Open(path);
        Directory.CreateDirectory(path);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "tiny"))
            .Where(file => !file.EndsWith(".safetensors", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "config.json")))!;
        var (vision, text) = (config["vision_config"]!, config["text_config"]!);
        (vision["hidden_size"], vision["intermediate_size"], vision["num_hidden_layers"], vision["num_attention_heads"]) = (32, 64, 2, 2);
        (text["hidden_size"], text["intermediate_size"], text["num_hidden_layers"]) = (32, 48, 1);
        (text["num_attention_heads"], text["num_key_value_heads"], text["head_dim"]) = (2, 1, 16);
        File.WriteAllText(Path.Combine(path, "config.json"), config.ToJsonString());
        return ModelFolder.Open(path);
    }
}
