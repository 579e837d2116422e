using System.Text.Json;
using TorchSharp;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Numerics;
using TsVlm.VisionLanguage.Prediction;
using TsVlm.VisionLanguage.Probing;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Prediction;

/// <summary>Exports of trained models, held to the files that transformers and PEFT themselves wrote (tests/fixtures).</summary>
[Collection(TorchTests.Name)]
public sealed class ModelExportTests : IDisposable
{
    private static readonly LoraSettings Lora = new() { Rank = 8, Alpha = 16, Dropout = 0 };
    private static readonly string[] Classes = ["falling", "rising"];

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public ModelExportTests() => set_num_threads(1);

    [Fact]
    public void A_model_trained_as_a_whole_leaves_as_the_folder_that_transformers_writes_and_answers_as_before()
    {
        var checkpoint = Trained(HuggingFace.TinyFolder, lora: null);
        ModelExport.Write(checkpoint, folder.File("export"), merge: false);
        // What the fixture holds beside the model's own files are reference outputs.
        Assert.Equal(
            ["added_tokens.json", "config.json", "export.json", "generation_config.json", "model.safetensors", "preprocessor_config.json",
            "processor_config.json",
                "special_tokens_map.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json"],
            Files("export"));
        Assert.Equal(TensorNames(Path.Combine(HuggingFace.TinyFolder, "model.safetensors")),
            TensorNames(folder.File("export/model.safetensors")));
        Assert.Equal(File.ReadAllText(Path.Combine(HuggingFace.TinyFolder, "config.json")),
            File.ReadAllText(folder.File("export/config.json")));
        Assert.Equal(Probabilities(checkpoint), Probabilities(ModelFolder.Open(folder.File("export")), checkpoint.Fitted));
    }

    [Fact]
    public void An_adapter_leaves_in_pefts_form_and_answers_as_before_on_its_base()
    {
        var checkpoint = Trained(HuggingFace.TinyFolder, Lora);
        ModelExport.Write(checkpoint, folder.File("adapter"), merge: false, baseModel: "llava-hf/llava-1.5-7b-hf");
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "export.json"], Files("adapter"));
        var peft = TestFolders.Fixture("llava-tiny-lora-projector");
        Assert.Equal(TensorNames(Path.Combine(peft, "adapter_model.safetensors")),
            TensorNames(folder.File("adapter/adapter_model.safetensors")));
        var (settings, known) = (Settings(folder.File("adapter/adapter_config.json")), Settings(Path.Combine(peft, "adapter_config.json")));
        Assert.Empty(settings.Keys.Except(known.Keys));
        Assert.Equal("llava-hf/llava-1.5-7b-hf", settings["base_model_name_or_path"].GetString());

        var start = ModelFolder.Open(HuggingFace.TinyFolder);
        using var model = new Llava(LlavaConfig.Read(start.Path),
            new ModelOptions { Adapter = Adapter.ReadConfig(folder.File("adapter")) });
        Checkpoint.Load(model, start.Path);
        var untrained = Probabilities(model, start, checkpoint.Fitted);
        Adapter.Load(model, folder.File("adapter"));
        Assert.Equal(Probabilities(checkpoint), Probabilities(model, start, checkpoint.Fitted));
        Assert.NotEqual(untrained, Probabilities(checkpoint));
    }

    [Fact]
    public void A_merged_adapter_leaves_as_a_whole_model_and_answers_as_before()
    {
        var checkpoint = Trained(HuggingFace.TinyFolder, Lora);
        ModelExport.Write(checkpoint, folder.File("merged"), merge: true);
        Assert.Equal(TensorNames(Path.Combine(HuggingFace.TinyFolder, "model.safetensors")),
            TensorNames(folder.File("merged/model.safetensors")));
        Assert.Contains("generation_config.json", Files("merged"));
        Assert.DoesNotContain("adapter_config.json", Files("merged"));
        foreach (var (before, after) in Probabilities(checkpoint)
            .Zip(Probabilities(ModelFolder.Open(folder.File("merged")), checkpoint.Fitted)))
            Assert.Equal(before, after, 1e-5);
    }

    [Fact]
    public void An_adapter_on_random_weights_is_exported_merged_only()
    {
        var bare = Directory.CreateDirectory(folder.File("bare")).FullName;
        ModelFolder.Open("tiny").CopySettings(bare);
        var checkpoint = Trained(bare, Lora with { Rank = 2 }, fromScratch: true);
        var error = Assert.Throws<CheckpointException>(() => ModelExport.Write(checkpoint, folder.File("adapter"), merge: false));
        Assert.Contains("Export the whole model with --merge", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.File("adapter")));

        ModelExport.Write(checkpoint, folder.File("merged"), merge: true);
        Assert.True(ModelFolder.Open(folder.File("merged")).HasWeights);
        foreach (var (before, after) in Probabilities(checkpoint)
            .Zip(Probabilities(ModelFolder.Open(folder.File("merged")), checkpoint.Fitted)))
            Assert.Equal(before, after, 1e-5);
    }

    [Fact]
    public void An_adapter_trained_from_scratch_is_exported_merged_only_even_where_the_folder_has_weights()
    {
        var checkpoint = Trained(HuggingFace.TinyFolder, Lora with { Rank = 2 }, fromScratch: true);
        var error = Assert.Throws<CheckpointException>(() => ModelExport.Write(checkpoint, folder.File("adapter"), merge: false));
        Assert.Contains("Export the whole model with --merge", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_left_as_it_was_is_exported_whole_with_its_probe()
    {
        var start = ModelFolder.Open(HuggingFace.TinyFolder);
        using var probe = new LinearProbe([1, 2], [0, 0], 1, CPU);
        var checkpoint = Written(start, model: null, new Recipe { Epochs = 0, ReadOut = ReadOut.AnswerProbe }, probe);
        Assert.True(checkpoint is { IsUnchanged: true, HasProbe: true });
        Assert.DoesNotContain("model.safetensors", Files("checkpoint/model"));
        ModelExport.Write(checkpoint, folder.File("export"), merge: false);
        Assert.Contains(LinearProbe.WeightsFile, Files("export"));
        foreach (var (before, after) in Probabilities(checkpoint)
            .Zip(Probabilities(ModelFolder.Open(folder.File("export")), checkpoint.Fitted)))
            Assert.Equal(before, after, 1e-6);
    }

    /// <summary>
    /// Every key of the embedded model's config.json is one that transformers writes for such a model, and none that it needs is missing.
    /// </summary>
    [Fact]
    public void The_embedded_models_configuration_is_one_that_transformers_writes()
    {
        var own = Settings(Path.Combine(ModelFolder.Open("tiny").Path, "config.json"));
        var known = Settings(Path.Combine(HuggingFace.TinyFolder, "config.json"));
        Assert.Equal(known.Keys.Where(key => key != "transformers_version")
            .Order(StringComparer.Ordinal), own.Keys.Order(StringComparer.Ordinal));
        foreach (var part in (string[])["text_config", "vision_config"])
            Assert.Empty(own[part].EnumerateObject().Select(setting => setting.Name)
                .Except(known[part].EnumerateObject().Select(setting => setting.Name)));
        Assert.Equal(own["image_seq_length"].GetInt32(), ModelFolder.Open("tiny").Inputs.NumImageTokens);
    }

    [Fact]
    public void The_export_says_what_made_it_but_not_where()
    {
        ModelExport.Write(Trained(HuggingFace.TinyFolder, lora: null), folder.File("export"), merge: false);
        var run = JsonSerializer.Deserialize<RunSpec>(File.ReadAllText(folder.File("export/export.json")), ContractJson.Indented)!;
        Assert.Equal(("made up", "llava-tiny", "llava-tiny"), (run.Dataset.Name, run.FineTuned!.Model.Name, run.FineTuned.Model.Location));
    }

    /// <summary>A checkpoint of a model whose weights have moved from where they started.</summary>
    private CheckpointFolder Trained(string modelFolder, LoraSettings? lora, bool fromScratch = false)
    {
        var start = ModelFolder.Open(modelFolder);
        using var model = ModelStart.Create(start, new ModelOptions
        {
            Adapter = lora is null ? null : AdapterConfig.From(lora), Seed = 3, FromScratch = fromScratch,
        });
        using (no_grad())
        using (var generator = new Generator(11, CPU))
        {
            foreach (var (name, parameter) in model.named_parameters()
                .Where(p => lora is null || p.name.Contains("lora_", StringComparison.Ordinal)))
                parameter.add_(randn(parameter.shape, generator: generator) * 0.05);
        }
        return Written(start, model, new Recipe { Lora = lora ?? Lora, FromScratch = fromScratch }, probe: null);
    }

    private CheckpointFolder Written(ModelFolder start, Llava? model, Recipe recipe, LinearProbe? probe)
    {
        var run = new RunSpec
        {
            Dataset = new("made up", "0"),
            Split = new("official", 0),
            Seed = 3,
            FineTuned = new(new Scenario { Name = "test", Recipe = recipe }, new(start.Name, start.Path, start.ContentHash)),
        };
        CheckpointFolder.Write(folder.File("checkpoint"), model, start, run, probe);
        var fitted = FittedRepresentation.Fit(new Representation { ContextLength = 250 }, start.Inputs, Classes, [Series]);
        File.WriteAllBytes(folder.File("checkpoint/fitted.json"), JsonSerializer.SerializeToUtf8Bytes(fitted, ContractJson.Indented));
        return CheckpointFolder.Open(folder.File("checkpoint"));
    }

    private static TimeSeries Series => new([Enumerable.Range(0, 8).Select(t => Math.Sin(t)).ToArray()]);

    private static double[] Probabilities(CheckpointFolder checkpoint)
    {
        using var model = checkpoint.Load(ComputeDevice.Cpu);
        return Probabilities(model, checkpoint.Model, checkpoint.Fitted);
    }

    private static double[] Probabilities(ModelFolder exported, FittedRepresentation fitted)
    {
        using var model = ModelStart.Create(exported, new ModelOptions());
        return Probabilities(model, exported, fitted);
    }

    private static double[] Probabilities(Llava model, ModelFolder files, FittedRepresentation fitted)
    {
        var builder = new SampleBuilder(fitted, files.Inputs);
        return new AnswerClassifier(model, new SampleEncoding(files), numThreads: 1).Probabilities([builder.Build(Series)],
            builder.Answers)[0];
    }

    private IEnumerable<string> Files(string name) =>
        Directory.EnumerateFiles(folder.File(name)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private static List<string> TensorNames(string path)
    {
        using var file = new SafetensorsFile(path);
        return [.. file.Tensors.Keys.Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, JsonElement> Settings(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.Clone().EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value);
    }

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }
}
