using System.Text.Json.Nodes;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Models;
using TsVlm.Representations.Fitting;
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

    /// <summary>Two channels and four windows of the embedded model: 8 images, in which two patches share a token.</summary>
    [Fact]
    public void A_sheet_is_cut_into_images_row_by_row_and_each_mark_takes_its_tokens()
    {
        var model = ModelFolder.Open("tiny");
        var representation = new Representation
        {
            Image = ImageKind.ZoomMosaic, Windows = ImageWindows.WholeAndHalves, Arm = Arm.Image, ContextLength = 600,
        };
        double[] first = [.. Enumerable.Range(0, 90).Select(t => Math.Sin(t * 0.3))];
        double[] second = [.. Enumerable.Range(0, 90).Select(t => t % 7.0)];
        var series = new TimeSeries([first, second]);
        var fitted = FittedRepresentation.Fit(representation, model.Inputs, ["a", "b"], [series]);
        var builder = new SampleBuilder(fitted, model.Inputs);
        var input = builder.Build(series);
        Assert.Equal(new SampleImages(2, 4, 2), input.Images);
        var encoding = new SampleEncoding(model);
        var sample = encoding.Encode(new Sample(3, input, builder.Answers[0]));
        Assert.Equal((8, 4, 32), (sample.Images.Count, sample.NumWindows, sample.TokensPerImage));
        Assert.Equal(8 * 32, sample.InputIds.Count(id => id == model.Tokenizer.IdOf("<image>")));
        Assert.Equal(builder.CountTokens(input), sample.InputIds.Length);
        // The second row's first image is the second channel alone.
        var alone = new TimeSeries([second]);
        var fittedAlone = FittedRepresentation.Fit(representation, model.Inputs, ["a", "b"], [alone]);
        Assert.Equal(encoding.EncodePrompt(new SampleBuilder(fittedAlone, model.Inputs).Build(alone)).Images, sample.Images.Skip(4));
    }
}
