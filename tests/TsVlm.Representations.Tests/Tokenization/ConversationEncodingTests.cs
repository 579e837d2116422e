using System.Text.Json;
using TsVlm.Tests;

namespace TsVlm.Representations.Tests;

public class ConversationEncodingTests
{
    private const int LlavaImage = -200;

    /// <summary>Ids and labels of LLaVA's own preprocess_v1; with legacy=false its length heuristics mask all but the first turn's case away.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public void Turns_are_encoded_and_masked_as_llava_does_it(bool legacy, int sample)
    {
        var encoding = new ConversationEncoding(TokenizerFolders.SentencePiece("tiny500", legacy));
        var expected = Case("v1 (vicuna_v1)", legacy, sample);
        List<int> ids = [], targets = [];
        foreach (var round in expected.GetProperty("prompt").GetString()!.Split("</s>", StringSplitOptions.RemoveEmptyEntries))
        {
            var border = round.LastIndexOf(" ASSISTANT: ", StringComparison.Ordinal) + " ASSISTANT:".Length;
            var (prompt, answer) = (round[..border], round[(border + 1)..]);
            var encoded = encoding.Encode(prompt, answer, numImageTokens: prompt.Contains("<image>", StringComparison.Ordinal) ? 1 : 0);
            var begin = ids.Count == 0 ? 0 : 1;
            ids.AddRange(encoded.InputIds[begin..]);
            targets.AddRange(encoded.TargetIds[begin..]);
        }
        Assert.Equal(Ids(expected, "input_ids"), ids.Select(id => id == 500 ? LlavaImage : id));
        Assert.Equal(Ids(expected, "labels"), targets);
    }

    /// <summary>LLaVA's plain template ends a caption with a line feed where a conversation has the end token.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_and_its_caption_alone_are_encoded_as_llavas_plain_template(bool legacy)
    {
        var tokenizer = TokenizerFolders.SentencePiece("tiny500", legacy);
        var expected = Case("plain (projector pre-training)", legacy, 0);
        var encoded = new ConversationEncoding(tokenizer).Encode("<image>", "The series rises near the end.\n", 1);
        Assert.Equal(Ids(expected, "input_ids"), encoded.InputIds[..^1].Select(id => id == 500 ? LlavaImage : id));
        Assert.Equal(Ids(expected, "labels"), encoded.TargetIds[..^1]);
    }

    [Fact]
    public void Prompt_and_answer_tokens_make_up_the_training_sequence()
    {
        var encoding = Tiny500();
        const string Prompt = "USER: <image>\nWhat is the trend? ASSISTANT:";
        foreach (var answer in new[] { "1", "-1", "12", "Flat.", " two", "日本", "a b c", "</s>", "" })
        {
            var encoded = encoding.Encode(Prompt, answer, 16);
            Assert.Equal(encoded.InputIds.AsEnumerable(), [.. encoding.EncodePrompt(Prompt, 16), .. encoding.AnswerTokens(Prompt, answer, hasImage: true)]);
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
        Assert.Equal(expected, new ConversationEncoding(tokenizer).AnswerTokens("USER: Which? ASSISTANT:", "1", hasImage: false));
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

    private static ConversationEncoding Tiny500() => new(TokenizerFolders.Json("tiny500"));

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
        ("tokenizer_config.json", """{ "bos_token": "<s>", "eos_token": "</s>" }""")));

    private static JsonElement Case(string template, bool legacy, int sample)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFolders.Fixture("llava-preprocess"), "conversations.json")));
        return document.RootElement.GetProperty("cases").EnumerateArray().Single(c =>
            c.GetProperty("template").GetString() == template && c.GetProperty("tokenizer").GetString() == "tiny500"
            && c.GetProperty("legacy").GetBoolean() == legacy && c.GetProperty("sample").GetInt32() == sample).Clone();
    }

    private static int[] Ids(JsonElement row, string key) => [.. row.GetProperty(key).EnumerateArray().Select(e => e.GetInt32())];
}
