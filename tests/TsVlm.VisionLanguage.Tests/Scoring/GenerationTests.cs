using TorchSharp;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Scoring;
using TsVlm.VisionLanguage.Tests.Architecture;
using static TorchSharp.torch;

namespace TsVlm.VisionLanguage.Tests.Scoring;

/// <summary>Greedy tokens against Hugging Face's generate.</summary>
[Collection(TorchTests.Name)]
public sealed class GenerationTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly HuggingFace reference = HuggingFace.Tiny();
    private readonly Llava model = HuggingFace.TinyModel();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_prompt_continues_as_in_hugging_face(int row)
    {
        var length = reference[$"single.{row}.logits"].shape[0];
        var ids = reference["input_ids"].narrow(0, row, 1).narrow(1, 0, length);
        Assert.Equal(Row(reference[$"generate.{row}.tokens"]),
            Assert.Single(Generation.Greedy(model, ids, ones_like(ids), reference["pixel_values"].narrow(0, row, 1), 8, null)));
    }

    [Theory]
    [InlineData("left_padded.")]
    [InlineData("")]
    public void A_padded_batch_continues_as_each_prompt_alone(string side)
    {
        var tokens = Generation.Greedy(model, reference[$"{side}input_ids"], reference[$"{side}attention_mask"], reference["pixel_values"],
            8, null);
        Assert.Equal(2, tokens.Count);
        for (var row = 0; row < 2; row++) Assert.Equal(Row(reference["generate.left_padded.tokens"][row]), tokens[row]);
    }

    [Fact]
    public void Two_images_continue_as_in_hugging_face()
    {
        var ids = reference["two_images.input_ids"];
        Assert.Equal(Row(reference["generate.two_images.tokens"]),
            Assert.Single(Generation.Greedy(model, ids, ones_like(ids), reference["two_images.pixel_values"], 8, null)));
    }

    [Fact]
    public void Text_alone_continues_as_in_hugging_face()
    {
        var ids = reference["text_only.input_ids"];
        Assert.Equal(Row(reference["generate.text_only.tokens"]),
            Assert.Single(Generation.Greedy(model, ids, ones_like(ids), null, 8, null)));
    }

    [Theory]
    [InlineData("chart_640x480")]
    [InlineData("chart_tall_199x403")]
    public void A_picture_and_a_prompt_continue_as_in_hugging_face(string picture)
    {
        using var endToEnd = new HuggingFace("llava-tiny/end_to_end.safetensors");
        var (ids, image) = (endToEnd[$"{picture}.input_ids"].unsqueeze(0), endToEnd[$"{picture}.pixel_values"].unsqueeze(0));
        using (no_grad()) Close.To(endToEnd[$"{picture}.first_scores"], model.Forward(ids, ones_like(ids), image)[0, -1], Agreement.Logits, picture);
        Assert.Equal(Row(endToEnd[$"{picture}.tokens"]), Assert.Single(Generation.Greedy(model, ids, ones_like(ids), image, 12, null)));
    }

    [Fact]
    public void A_row_ends_before_the_end_token()
    {
        var expected = Row(reference["generate.text_only.tokens"]);
        var ids = reference["text_only.input_ids"];
        var end = expected[3];
        Assert.Equal(expected.TakeWhile(token => token != end), Assert.Single(Generation.Greedy(model, ids, ones_like(ids), null, 8, end)));
    }

    private static int[] Row(Tensor tokens) => [.. tokens.data<long>().ToArray().Select(token => (int)token)];

    public void Dispose()
    {
        model.Dispose();
        reference.Dispose();
        scope.Dispose();
    }
}
