using System.Text.Json;
using TsVlm.Representations;
using TsVlm.Tests;

namespace TsVlm.Models.Tests.Tokenization;

public class ConversationEncodingTests
{
    private const int LlavaImage = -200;

    /// <summary>
    /// LLaVA's own preprocess_multimodal and preprocess_v1. With legacy=false and several turns its length heuristics, made for another
    /// vocabulary, find a mismatch and mask everything; there the ids alone are compared.
    /// </summary>
    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(true, 1, true)]
    [InlineData(true, 2, true)]
    [InlineData(false, 0, true)]
    [InlineData(false, 1, false)]
    [InlineData(false, 2, false)]
    public void Turns_are_prompted_encoded_and_masked_as_llava_does_it(bool legacy, int sample, bool isMasked)
    {
        var expected = Case("v1 (vicuna_v1)", legacy, sample);
        var (turns, hasImage) = Conversation(sample, ConversationTemplate.V1);
        Assert.Equal(expected.GetProperty("prompt").GetString(), string.Concat(turns.Select(turn => $"{turn.Prompt} {turn.Answer}</s>")));
        var encoded = new ConversationEncoding(TokenizerFolders.SentencePiece("tiny500", legacy), ConversationTemplate.V1).Encode(turns,
            hasImage ? 1 : 0);
        Assert.Equal(Ids(expected, "input_ids"), encoded.InputIds.Select(id => id == 500 ? LlavaImage : id));
        if (isMasked) Assert.Equal(Ids(expected, "labels"), encoded.TargetIds);
    }

    /// <summary>
    /// LLaVA's preprocess_plain: the question is dropped, and a line feed ends the caption where a conversation has the end token.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_and_its_caption_alone_are_encoded_as_llavas_plain_template(bool legacy)
    {
        var expected = Case("plain (projector pre-training)", legacy, 0);
        var (turns, _) = Conversation(0, ConversationTemplate.Plain);
        var encoded = new ConversationEncoding(TokenizerFolders.SentencePiece("tiny500", legacy), ConversationTemplate.Plain).Encode(turns,
            1);
        Assert.Equal(Ids(expected, "input_ids"), encoded.InputIds.Select(id => id == 500 ? LlavaImage : id));
        Assert.Equal(Ids(expected, "labels"), encoded.TargetIds);
    }

    [Fact]
    public void Prompt_and_answer_tokens_make_up_the_training_sequence()
    {
        var encoding = Tiny500();
        const string Prompt = "USER: <image>\nWhat is the trend? ASSISTANT:";
        foreach (var answer in new[] { "1", "-1", "12", "Flat.", " two", "日本", "a b c", "</s>", "" })
        {
            var encoded = encoding.Encode(Prompt, answer, 16);
            Assert.Equal(encoded.InputIds.AsEnumerable(), [.. encoding.EncodePrompt(Prompt, 16),
                .. encoding.AnswerTokens(Prompt, answer, hasImage: true)]);
            Assert.Equal(16, encoded.InputIds.Count(id => id == 500));
            Assert.Equal(1, encoded.InputIds.Count(id => id == 2));
        }
    }

    /// <summary>Defect of the paper's code: the answer was read one token early, at the blank before the digit.</summary>
    [Fact]
    public void Scoring_starts_after_the_assistants_colon_with_the_blank_and_then_the_digit()
    {
        var tokenizer = TokenizerFolders.SentencePiece("tiny500", legacy: true);
        int[] expected = [tokenizer.IdOf("▁")!.Value, tokenizer.IdOf("1")!.Value, tokenizer.EosId!.Value];
        Assert.Equal(expected,
            new ConversationEncoding(tokenizer, ConversationTemplate.V1).AnswerTokens("USER: Which? ASSISTANT:", "1", hasImage: false));
    }

    [Fact]
    public void Control_tokens_typed_into_data_stay_text()
    {
        var encoding = Tiny500();
        var ids = encoding.EncodePrompt("USER: <image>\nlabels <image>, </s>, <pad> and <s> ASSISTANT:", 3);
        Assert.Equal(3, ids.Count(id => id == 500));
        Assert.DoesNotContain(2, ids);
        Assert.DoesNotContain(501, ids);
        Assert.Equal(1, ids.Count(id => id == 1));
        Assert.DoesNotContain(500, encoding.EncodePrompt("USER: <image> ASSISTANT:", 0));
    }

    [Fact]
    public void A_prompt_without_the_marker_is_refused_when_an_image_is_expected()
    {
        var error = Assert.Throws<ArgumentException>(() => Tiny500().EncodePrompt("USER: no image ASSISTANT:", 16));
        Assert.Contains("<image>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_that_merges_with_the_answer_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Merging().AnswerTokens("a", "b", hasImage: false));
        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
    }

    private static ConversationEncoding Tiny500() => new(TokenizerFolders.Json("tiny500"), ConversationTemplate.V1);

    /// <summary>A vocabulary whose one merge joins a letter and the blank after it.</summary>
    private static ConversationEncoding Merging() => new(TokenizerFolders.Of(
        ("tokenizer.json", """
            {
              "added_tokens": [{ "id": 1, "content": "<s>", "special": true }, { "id": 2, "content": "</s>", "special": true }],
              "normalizer": { "type": "Replace", "pattern": { "String": " " }, "content": "▁" },
              "decoder": { "type": "Fuse" },
              "model": { "type": "BPE", "unk_token": "<unk>", "vocab": { "<unk>": 0, "a": 3, "b": 4, "▁": 5, "a▁": 6 }, "merges": ["a ▁"] }
            }
            """),
        ("tokenizer_config.json", """{ "bos_token": "<s>", "eos_token": "</s>" }""")), ConversationTemplate.V1);

    /// <summary>A sample of the fixture in our terms. Its image's mark stands anywhere in the first question, as in LLaVA's data.</summary>
    private static (Turn[] Turns, bool HasImage) Conversation(int sample, ConversationTemplate template)
    {
        var values = Fixture().GetProperty("samples")[sample].GetProperty("conversations").EnumerateArray()
            .Select(turn => turn.GetProperty("value").GetString()!).ToArray();
        var hasImage = values[0].Contains("<image>", StringComparison.Ordinal);
        string[] questions = [.. values.Where((_, i) => i % 2 == 0)
            .Select(value => value.Replace("<image>", "", StringComparison.Ordinal).Trim())];
        return ([.. template.Prompts(questions, hasImage)
            .Zip(values.Where((_, i) => i % 2 == 1), (prompt, answer) => new Turn(prompt, answer))], hasImage);
    }

    private static JsonElement Case(string template, bool legacy, int sample) => Fixture().GetProperty("cases").EnumerateArray().Single(c =>
        c.GetProperty("template").GetString() == template && c.GetProperty("tokenizer").GetString() == "tiny500"
        && c.GetProperty("legacy").GetBoolean() == legacy && c.GetProperty("sample").GetInt32() == sample);

    private static JsonElement Fixture()
    {
        using var document =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFolders.Fixture("llava-preprocess"), "conversations.json")));
        return document.RootElement.Clone();
    }

    private static int[] Ids(JsonElement row, string key) => [.. row.GetProperty(key).EnumerateArray().Select(e => e.GetInt32())];
}
