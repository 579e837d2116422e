using System.Text.Json.Nodes;
using TsVlm.Models;
using TsVlm.Representations.Samples;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;

namespace TsVlm.VisionLanguage.Tests.Inputs;

[Collection(TorchTests.Name)]
public sealed class SampleEncodingTests
{
    [Theory]
    [InlineData("v1", "rising\nfast")]
    [InlineData("plain", "rising")]
    public void An_answer_ends_where_the_template_of_the_folder_ends_it(string template, string expected)
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["config.json", "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json",
            "processor_config.json"])
            File.Copy(Path.Combine(HuggingFace.TinyFolder, name), folder.File(name));
        var settings = JsonNode.Parse(File.ReadAllText(folder.File("processor_config.json")))!;
        settings["conversation_template"] = template;
        File.WriteAllText(folder.File("processor_config.json"), settings.ToJsonString());

        var model = ModelFolder.Open(folder.Path);
        var encoding = new SampleEncoding(model);
        Assert.Equal(expected, encoding.AnswerText([.. model.Tokenizer.EncodePlain("rising\nfast"), encoding.EndTokenId!.Value]));
        // What is learned as the end of an answer is what ends it.
        var prompt = model.Inputs.Template.Prompt("Which class?", hasImage: true);
        var learned = encoding.AnswerTokens(new SampleInput(prompt, [], 1), "rising");
        Assert.Equal(template == "plain" ? model.Tokenizer.EncodePlain("\n")[^1] : encoding.EndTokenId, learned[^1]);
    }
}
