using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using TsVlm.Models;
using TsVlm.Representations.Samples;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Checkpoints;
using TsVlm.VisionLanguage.Files;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Prediction;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Scoring;

/// <summary>
/// From text to text with a decoder that was really trained: stories260K (Karpathy, TinyStories), against Hugging Face's own outputs. Its
/// weights are put into a LLaVA folder with a vision tower that no prompt uses, and go through the same files, cache and decoding as any
/// model.
/// </summary>
[Collection(TorchTests.Name)]
public sealed class StoriesTests : IDisposable
{
    // First of all: without the weights the test is skipped here, and leaves nothing behind.
    private readonly string source = Source();
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, Tensor> expected;
    private readonly ModelFolder files;
    private readonly Llava model;

    public StoriesTests()
    {
        set_num_threads(1);
        expected = Tensors("expected.safetensors");
        MakeLlava();
        files = ModelFolder.Open(folder.Path);
        model = ModelStart.Create(files, new ModelOptions());
    }

    [Theory]
    [InlineData("bos", "")]
    [InlineData("once", "Once upon a time")]
    [InlineData("lily", "Lily and Tom went to the park. They saw a big")]
    public void A_prompt_is_read_and_continued_in_words_as_in_hugging_face(string name, string prompt)
    {
        var ids = files.Tokenizer.Encode(prompt, addBos: true);
        Assert.Equal(Row(expected[$"{name}.input_ids"]), ids);
        var input = tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0);
        using (no_grad()) Close.To(expected[$"{name}.logits"], model.Forward(input, ones_like(input), null)[0], 1e-4, name);

        var tokens = Row(expected[$"{name}.greedy_tokens"]);
        Assert.Equal(name == "bos" ? 256 : 64, tokens.Length);
        var written = Assert.Single(Generation.Greedy(model, input, ones_like(input), null, tokens.Length, endTokenId: null));
        Assert.Equal(tokens, written);
        using var texts = JsonDocument.Parse(File.ReadAllText(Path.Combine(source, "expected_text.json")));
        Assert.Equal(texts.RootElement.GetProperty(name).GetString(), files.Tokenizer.Decode([.. ids, .. written]));
    }

    [Theory]
    [InlineData("once", "Once upon a time")]
    [InlineData("lily", "Lily and Tom went to the park. They saw a big")]
    public void A_generated_answer_equals_that_of_hugging_face(string name, string prompt)
    {
        var classifier = new AnswerClassifier(model, new SampleEncoding(files), numThreads: 1);
        using var texts = JsonDocument.Parse(File.ReadAllText(Path.Combine(source, "expected_text.json")));
        Assert.Equal(texts.RootElement.GetProperty(name)
            .GetString()![prompt.Length..].Trim(), classifier.Generate(new SampleInput(prompt, null, 1), 64));
    }

    [Fact]
    public void The_loss_of_a_text_is_hugging_faces()
    {
        var ids = expected["nll.input_ids"].reshape(1, -1);
        using var frozen = no_grad();
        Assert.Equal(expected["nll.loss"].ReadCpuSingle(0), model.Loss(ids, ones_like(ids), null, ids).ReadCpuSingle(0), 1e-5);
    }

    /// <summary>
    /// config.json with the decoder's own as text_config, and the decoder's tensors under the names they have inside LLaVA.
    /// </summary>
    private void MakeLlava()
    {
        File.Copy(Path.Combine(source, "tokenizer.model"), folder.File("tokenizer.model"));
        File.Copy(Path.Combine(source, "tokenizer_config.json"), folder.File("tokenizer_config.json"));
        File.Copy(Path.Combine(HuggingFace.TinyFolder, "preprocessor_config.json"), folder.File("preprocessor_config.json"));
        var text = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        File.WriteAllText(folder.File("config.json"), new JsonObject
        {
            ["model_type"] = "llava",
            ["image_token_index"] = 0,
            ["tie_word_embeddings"] = true,
            ["vision_config"] = new JsonObject
            {
                ["hidden_size"] = 8, ["intermediate_size"] = 8, ["num_hidden_layers"] = 2, ["num_attention_heads"] = 1, ["image_size"] =
                    28, ["patch_size"] = 14,
            },
            ["text_config"] = text,
        }.ToJsonString());
        using var empty = new Llava(LlavaConfig.Read(folder.Path));
        var tensors = empty.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        foreach (var (name, tensor) in Tensors("model.safetensors"))
        {
            Assert.True(tensors.ContainsKey($"language_model.{name}"), $"The decoder's {name} has no place in the model.");
            tensors[$"language_model.{name}"] = tensor;
        }
        SafetensorsWriter.Write(folder.File("model.safetensors"), tensors);
    }

    private Dictionary<string, Tensor> Tensors(string name)
    {
        using var file = new SafetensorsFile(Path.Combine(source, name));
        return file.Tensors.Keys.ToDictionary(key => key, file.Read);
    }

    private static int[] Row(Tensor tokens) => [.. tokens.data<long>().ToArray().Select(token => (int)token)];

    private static string Source()
    {
        var folder = Path.Combine(TestFolders.Repository, "..", "shared", "fixtures", "hf-parity", "stories260K-hf");
        Assert.SkipUnless(Directory.Exists(folder),
            $"The model stories260K is not at {Path.GetFullPath(folder)}; its weights are not part of this repository.");
        return folder;
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
        scope.Dispose();
    }
}
