using TsVlm.Data;
using TsVlm.Representations.Fitting;
using TsVlm.Representations.Samples;
using TsVlm.Representations;
using TsVlm.Tests;

namespace TsVlm.Models.Tests;

public class ModelFolderTests
{
    [Fact]
    public void The_embedded_model_has_64_image_tokens_and_weights_of_less_than_40_MB()
    {
        var model = ModelFolder.Open("tiny");
        Assert.Equal("tiny", model.Name);
        Assert.Equal((112, 64, "turns"), (model.Inputs.ImageSize, model.Inputs.NumImageTokens, model.Inputs.Template.Name));
        Assert.Equal(4096, model.Inputs.MaxPositions);
        Assert.True(model.HasWeights);
        Assert.InRange(new FileInfo(Path.Combine(model.Path, "model.safetensors")).Length, 1, 40_000_000);
    }

    [Fact]
    public void A_hugging_face_folder_opens_with_llavas_template()
    {
        var model = ModelFolder.Open(TestFolders.Fixture("llava-tiny"));
        Assert.Equal("llava-tiny", model.Name);
        Assert.Equal((56, 16, "v1"), (model.Inputs.ImageSize, model.Inputs.NumImageTokens, model.Inputs.Template.Name));
        Assert.Equal(256, model.Inputs.MaxPositions);
        Assert.True(model.HasWeights);
    }

    [Fact]
    public void The_strategy_full_keeps_the_class_token()
    {
        using var folder = CopyOfTiny("config.json", "\"default\"", "\"full\"");
        Assert.Equal(65, ModelFolder.Open(folder.Path).Inputs.NumImageTokens);
    }

    [Fact]
    public void Tokens_are_counted_as_the_conversation_encodes_them()
    {
        var model = ModelFolder.Open("tiny");
        var prompt = model.Inputs.Template.Prompt("Which class? Options: </s>, <image>", hasImage: true);
        var ids = new ConversationEncoding(model.Tokenizer, model.Inputs.Template).EncodePrompt(prompt, model.Inputs.NumImageTokens);
        Assert.Equal(ids.Length, 1 + model.Inputs.CountTokens(prompt) - 1 + model.Inputs.NumImageTokens);
    }

    [Fact]
    public void The_positions_of_the_language_model_bound_the_context_length()
    {
        var tiny = ModelFolder.Open("tiny");
        Assert.Equal((4096, 4096), (tiny.Inputs.MaxPositions,
            tiny.Inputs.ContextLength(new TsVlm.Contracts.Representation { ContextLength = 5000 })));
        Assert.Equal(192, tiny.Inputs.ContextLength(new TsVlm.Contracts.Representation { ContextLength = 192 }));
    }

    /// <summary>The budget counts what the model will read, whichever way the template ends an answer.</summary>
    [Theory]
    [InlineData("v1")]
    [InlineData("turns")]
    [InlineData("plain")]
    public void The_longest_sequence_is_counted_as_the_template_of_the_folder_encodes_it(string template)
    {
        using var folder = CopyOfTiny("processor_config.json", "\"turns\"", $"\"{template}\"");
        var model = ModelFolder.Open(folder.Path);
        Assert.Equal(template, model.Inputs.Template.Name);
        var representation = new TsVlm.Contracts.Representation { ContextLength = 2048 };
        var series = new TimeSeries([[.. Enumerable.Range(0, 20).Select(step => Math.Sin(0.2 * step))]]);
        var fitted = FittedRepresentation.Fit(representation, model.Inputs, ["up", "a longer name"], [series]);
        var builder = new SampleBuilder(fitted, model.Inputs);
        var input = builder.Build(series);
        var encoded = new ConversationEncoding(model.Tokenizer, model.Inputs.Template).Encode(input.Prompt, builder.Answers[1],
            model.Inputs.NumImageTokens);
        Assert.Equal(encoded.InputIds.Length, fitted.LongestSequence);
        Assert.Equal(encoded.InputIds.Length, builder.CountTokens(input));
        Assert.Equal(template == "plain",
            fitted.Warnings.Any(warning => warning.Contains("shows the image alone", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_template_of_captions_refuses_a_sample_without_an_image()
    {
        var error = Assert.Throws<RepresentationException>(() => ConversationTemplate.Plain.Prompt("Which class?", hasImage: false));
        Assert.Contains("choose an arm with an image", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_content_hash_changes_with_what_makes_the_model_and_with_nothing_else()
    {
        using var one = CopyOfTiny("config.json", "none", "none");
        using var same = CopyOfTiny("config.json", "none", "none");
        using var other = CopyOfTiny("config.json", "\"rope_theta\": 10000.0", "\"rope_theta\": 20000.0");
        File.WriteAllText(same.File("README.md"), "another text");
        Assert.Equal(ModelFolder.Open(one.Path).ContentHash, ModelFolder.Open(same.Path).ContentHash);
        Assert.NotEqual(ModelFolder.Open(one.Path).ContentHash, ModelFolder.Open(other.Path).ContentHash);
    }

    [Theory]
    [InlineData("config.json", "\"model_type\": \"llava\"", "\"model_type\": \"qwen2_vl\"",
        "config.json: model_type: expected \"llava\", found \"qwen2_vl\"")]
    [InlineData("config.json", "\"image_size\": 112", "\"image_size\": 113",
        "config.json: vision_config.image_size: expected a multiple of patch_size")]
    [InlineData("config.json", "\"image_size\": 112,", "", "expected the key 'vision_config.image_size', found none")]
    [InlineData("config.json", "\"ignore_index\": -100", "\"mm_vision_tower\": \"openai/clip\"",
        "architectures: expected LlavaLlamaForCausalLM beside mm_vision_tower")]
    [InlineData("processor_config.json", "\"turns\"", "\"chatml\"",
        "processor_config.json: conversation_template: expected \"v1\" or \"turns\" or \"plain\", found \"chatml\"")]
    public void A_folder_that_is_not_understood_is_refused_with_file_and_key(string file, string old, string replacement, string expected)
    {
        using var folder = CopyOfTiny(file, old, replacement);
        var error = Assert.Throws<InvalidDataException>(() => ModelFolder.Open(folder.Path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused() =>
        Assert.Throws<DirectoryNotFoundException>(() => ModelFolder.Open(Path.Combine(Path.GetTempPath(), "no-such-model")));

    private static TemporaryFolder CopyOfTiny(string changed, string old, string replacement)
    {
        var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(ModelFolder.Open("tiny").Path)
            .Where(file => !file.EndsWith(".safetensors", StringComparison.Ordinal)))
        {
            var name = Path.GetFileName(file);
            var text = File.ReadAllText(file);
            File.WriteAllText(folder.File(name), name == changed ? text.Replace(old, replacement, StringComparison.Ordinal) : text);
        }
        return folder;
    }
}
