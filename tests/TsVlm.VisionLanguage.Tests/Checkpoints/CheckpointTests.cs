using TorchSharp;
using TsVlm.Contracts;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Checkpoints;

[Collection(TorchTests.Name)]
public sealed class CheckpointTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Shards_with_the_newer_names_in_bfloat16_give_the_logits_of_hugging_face()
    {
        var shards = TestFolders.Fixture("llava-tiny-newnames-bf16-sharded");
        using var reference = new HuggingFace("llava-tiny/inputs.safetensors", "llava-tiny-newnames-bf16-sharded/expected.safetensors");
        using var model = new Llava(LlavaConfig.Read(shards));
        Checkpoint.Load(model, shards);
        using var frozen = no_grad();
        var (ids, mask, images) = (reference["input_ids"], reference["attention_mask"], reference["pixel_values"]);
        Close.ToWhere(mask, reference["logits"], model.Forward(ids, mask, images), Agreement.Logits, "newer names");
        Close.To(reference["loss"], model.Loss(ids, mask, images, reference["labels"]).reshape(1), Agreement.Loss, "newer names loss");
        Assert.Equal(ScalarType.BFloat16, model.Config.WeightType);
    }

    [Fact]
    public void A_saved_model_has_the_names_and_bytes_it_was_loaded_from_and_the_files_beside()
    {
        using var model = HuggingFace.TinyModel();
        Checkpoint.Save(model, folder.Path, HuggingFace.TinyFolder);
        Assert.Equal(Bytes(HuggingFace.TinyFolder), Bytes(folder.Path));
        foreach (var name in new[] { "config.json", "tokenizer.model", "tokenizer.json", "preprocessor_config.json",
            "special_tokens_map.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(HuggingFace.TinyFolder, name)), File.ReadAllBytes(folder.File(name)));
        var first = File.ReadAllBytes(folder.File("model.safetensors"));
        Checkpoint.Save(model, folder.Path);
        Assert.Equal(first, File.ReadAllBytes(folder.File("model.safetensors")));
    }

    [Fact]
    public void A_model_in_bfloat16_is_saved_and_loaded_in_bfloat16()
    {
        var options = new ModelOptions { Precision = Precision.BFloat16 };
        using var model = HuggingFace.TinyModel(options);
        Checkpoint.Save(model, folder.Path, HuggingFace.TinyFolder);
        using var again = new Llava(LlavaConfig.Read(folder.Path), options);
        Checkpoint.Load(again, folder.Path);
        foreach (var ((name, a), (_, b)) in model.named_parameters()
            .Zip(again.named_parameters())) Assert.True(a.bytes.SequenceEqual(b.bytes), name);
    }

    [Fact]
    public void A_tied_head_is_the_embedding_and_a_stored_copy_of_it_is_passed_over()
    {
        var config = LlavaConfig.Read(HuggingFace.TinyFolder) with { TieWordEmbeddings = true };
        using var model = new Llava(config);
        Checkpoint.Load(model, HuggingFace.TinyFolder);
        Assert.DoesNotContain(model.named_parameters(), pair => pair.name.Contains("lm_head", StringComparison.Ordinal));
        Assert.Equal(config.NumParameters, model.parameters().Sum(parameter => parameter.NumberOfElements));
        var states = randn(2, 96);
        Close.To(states.matmul(model.Decoder.EmbeddingWeight.t()), model.Logits(states), 1e-5, "tied head");
        Checkpoint.Save(model, folder.Path);
        Checkpoint.Load(model, folder.Path);
    }

    [Fact]
    public void Missing_unexpected_and_misshapen_tensors_are_listed_together_and_nothing_is_loaded()
    {
        var tensors = Tiny();
        tensors.Remove("language_model.model.norm.weight");
        tensors["language_model.model.layers.3.mlp.up_proj.weight"] = ones(2);
        tensors["multi_modal_projector.linear_1.bias"] = ones(95);
        SafetensorsWriter.Write(folder.File("model.safetensors"), tensors);
        using var model = HuggingFace.TinyModel();
        model.InitialiseWeights(3);
        var before = model.parameters().Select(parameter => parameter.bytes.ToArray()).ToList();
        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Load(model, folder.Path));
        Assert.Contains("Missing: language_model.model.norm.weight.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Unexpected: language_model.model.layers.3.mlp.up_proj.weight.", error.Message, StringComparison.Ordinal);
        Assert.Contains("multi_modal_projector.linear_1.bias (expected [96], found [95])", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, model.parameters().Select(parameter => parameter.bytes.ToArray()));
    }

    [Fact]
    public void Constants_that_older_versions_stored_are_passed_over()
    {
        var tensors = Tiny();
        tensors["language_model.model.layers.0.self_attn.rotary_emb.inv_freq"] = ones(8);
        tensors["vision_tower.vision_model.embeddings.position_ids"] = arange(17).unsqueeze(0);
        SafetensorsWriter.Write(folder.File("model.safetensors"), tensors);
        using var model = new Llava(LlavaConfig.Read(HuggingFace.TinyFolder));
        Checkpoint.Load(model, folder.Path);
        Assert.True(tensors["language_model.model.norm.weight"].eq(model.get_parameter("language_model.model.norm.weight")!).all()
            .item<bool>());
    }

    [Fact]
    public void A_tensor_under_both_names_is_refused()
    {
        var tensors = Tiny();
        tensors["model.language_model.norm.weight"] = ones(96);
        SafetensorsWriter.Write(folder.File("model.safetensors"), tensors);
        using var model = new Llava(LlavaConfig.Read(HuggingFace.TinyFolder));
        Assert.Contains("found language_model.model.norm.weight and model.language_model.norm.weight",
            Assert.Throws<CheckpointException>(() => Checkpoint.Load(model, folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickle_is_refused_with_the_way_out()
    {
        File.WriteAllText(folder.File("pytorch_model.bin"), "not read");
        var message = Refusal();
        Assert.Contains("found pytorch_model.bin", message, StringComparison.Ordinal);
        Assert.Contains("safe_serialization=True", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_a_pickle_alone_is_refused_and_not_started_from_random_weights()
    {
        foreach (var path in Directory.GetFiles(HuggingFace.TinyFolder, "*.json")) File.Copy(path, folder.File(Path.GetFileName(path)));
        Assert.False(ModelFolder.Open(folder.Path).HasWeights);
        File.WriteAllText(folder.File("pytorch_model.bin"), "not read");
        var error = Assert.Throws<CheckpointException>(() => ModelStart.Create(ModelFolder.Open(folder.Path), new ModelOptions()));
        Assert.Contains("found pytorch_model.bin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_weights_starts_from_random_ones_only_where_these_are_asked_for()
    {
        foreach (var path in Directory.GetFiles(HuggingFace.TinyFolder, "*.json")) File.Copy(path, folder.File(Path.GetFileName(path)));
        var model = ModelFolder.Open(folder.Path);
        var created = Assert.Throws<RepresentationException>(() => ModelStart.Create(model, new ModelOptions()));
        Assert.StartsWith($"{folder.Path}: expected the weights of the model (model.safetensors,", created.Message,
            StringComparison.Ordinal);
        Assert.Contains("fromScratch", created.Message, StringComparison.Ordinal);
        Assert.Equal(created.Message, Assert.Throws<RepresentationException>(() => ModelStart.Check(model, [new Recipe()])).Message);
        ModelStart.Check(model, [new Recipe { FromScratch = true }]);
        using var drawn = ModelStart.Create(model, new ModelOptions { FromScratch = true });
    }

    [Fact]
    public void A_model_that_cannot_be_loaded_fails_the_check_before_any_work()
    {
        foreach (var path in Directory.GetFiles(HuggingFace.TinyFolder, "*.json")) File.Copy(path, folder.File(Path.GetFileName(path)));
        var model = ModelFolder.Open(folder.Path);
        SafetensorsWriter.Write(folder.File("model.safetensors"), Tiny().Where(tensor => tensor.Key != "language_model.model.norm.weight"));
        Assert.Contains("language_model.model.norm.weight",
            Assert.Throws<CheckpointException>(() => ModelStart.Check(model, [new Recipe()])).Message, StringComparison.Ordinal);
        File.Copy(Path.Combine(HuggingFace.TinyFolder, "model.safetensors"), folder.File("model.safetensors"), overwrite: true);
        ModelStart.Check(model, [new Recipe()]);
        var config = File.ReadAllText(folder.File("config.json"));
        File.WriteAllText(folder.File("config.json"), config.Replace("\"silu\"", "\"swiglu\"", StringComparison.Ordinal));
        Assert.Contains("hidden_act", Assert.Throws<CheckpointException>(() => ModelStart.Check(model, [new Recipe()])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_Git_LFS_has_not_fetched_are_named_as_such()
    {
        foreach (var path in Directory.GetFiles(HuggingFace.TinyFolder, "*.json")) File.Copy(path, folder.File(Path.GetFileName(path)));
        File.WriteAllText(folder.File("model.safetensors"), GitLfsPointerText);
        Assert.Contains("found a Git LFS pointer to it. Run git lfs pull", Refusal(), StringComparison.Ordinal);
        var model = ModelFolder.Open(folder.Path);
        Assert.Contains("found a Git LFS pointer",
            Assert.Throws<RepresentationException>(() => ModelStart.Check(model, [new Recipe()])).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.File("tokenizer.json"), GitLfsPointerText);
        Assert.StartsWith($"{folder.File("tokenizer.json")}: expected the content of the file, found a Git LFS pointer",
            Assert.Throws<InvalidDataException>(() => ModelFolder.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PEFT_adapter_given_as_a_model_is_named_as_such_with_its_base()
    {
        var fixture = Path.Combine(HuggingFace.TinyFolder, "..", "llava-tiny-lora");
        foreach (var name in (string[])["adapter_config.json", "adapter_model.safetensors"])
            File.Copy(Path.Combine(fixture, name), folder.File(name));
        var settings = File.ReadAllText(folder.File("adapter_config.json"));
        File.WriteAllText(folder.File("adapter_config.json"), System.Text.RegularExpressions.Regex.Replace(
            settings, "\"base_model_name_or_path\": (\"[^\"]*\"|null)", "\"base_model_name_or_path\": \"llava-hf/llava-1.5-7b-hf\""));
        const string Expected =
            "expected a whole model, found a PEFT adapter (adapter_config.json) of the base model llava-hf/llava-1.5-7b-hf. Merge it";
        Assert.Contains(Expected, Assert.Throws<FileNotFoundException>(() => ModelFolder.Open(folder.Path)).Message,
            StringComparison.Ordinal);
        // transformers keeps settings and tokenizer beside an adapter.
        foreach (var path in Directory.GetFiles(HuggingFace.TinyFolder, "*.json")) File.Copy(path, folder.File(Path.GetFileName(path)));
        var model = ModelFolder.Open(folder.Path);
        Assert.False(model.HasWeights);
        Assert.Contains(Expected, Assert.Throws<RepresentationException>(() => ModelStart.Check(model, [new Recipe()])).Message,
            StringComparison.Ordinal);
    }

    private const string GitLfsPointerText =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    [Fact]
    public void A_folder_without_weights_is_refused() => Assert.Contains("found neither", Refusal(), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"weight_map":{"a":"../model.safetensors"}}""", "in the same folder, found '../model.safetensors'")]
    [InlineData("""{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}""",
        "two.safetensors: expected a .safetensors file, found no such file")]
    [InlineData("""{"weight_map":{"b":"one.safetensors"}}""", "weight_map.b: expected a tensor in one.safetensors, found no such tensor")]
    [InlineData("""{"weight_map":{"a":7}}""", "weight_map.a: expected a text, found 7")]
    [InlineData("""{"metadata":{}}""", "weight_map: expected the file of every tensor, found nothing")]
    [InlineData("""{"weight_map":""", "expected JSON")]
    public void An_index_that_does_not_fit_its_files_is_refused(string index, string message)
    {
        SafetensorsWriter.Write(folder.File("one.safetensors"), [new("a", ones(1))]);
        File.WriteAllText(folder.File("model.safetensors.index.json"), index);
        Assert.Contains(message, Refusal(), StringComparison.Ordinal);
    }

    private string Refusal()
    {
        using var model = new Llava(LlavaConfig.Read(HuggingFace.TinyFolder));
        return Assert.Throws<CheckpointException>(() => Checkpoint.Load(model, folder.Path)).Message;
    }

    private static Dictionary<string, Tensor> Tiny()
    {
        using var file = new SafetensorsFile(Path.Combine(HuggingFace.TinyFolder, "model.safetensors"));
        return file.Tensors.Keys.ToDictionary(name => name, file.Read);
    }

    private static SortedDictionary<string, string> Bytes(string modelFolder)
    {
        using var file = new SafetensorsFile(Path.Combine(modelFolder, "model.safetensors"));
        var bytes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in file.Tensors.Keys) bytes[name] = Convert.ToHexString(file.Read(name).bytes);
        return bytes;
    }

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }
}
