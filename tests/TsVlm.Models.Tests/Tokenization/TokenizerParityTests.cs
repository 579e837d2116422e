using System.Text.Json;
using TsVlm.Tests;

namespace TsVlm.Models.Tests.Tokenization;

/// <summary>
/// Against ids written by transformers 4.47 (slow tokenizers) and by the tokenizers library (fast ones); tests/fixtures/README.md.
/// </summary>
public class TokenizerParityTests
{
    [Theory]
    [InlineData("tiny500", false)]
    [InlineData("tiny500", true)]
    [InlineData("stories512", false)]
    [InlineData("stories512", true)]
    public void A_sentencepiece_model_encodes_and_decodes_as_the_slow_llama_tokenizer(string name, bool legacy)
    {
        var tokenizer = TokenizerFolders.SentencePiece(name, legacy);
        var rows = Fixture($"{name}.json").GetProperty(legacy ? "legacy_true" : "legacy_false").EnumerateArray().ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var text = row.GetProperty("text").GetString()!;
            var plainIds = Ids(row, "ids_no_special");
            Assert.Equal(Ids(row, "ids"), tokenizer.Encode(text, addBos: true));
            Assert.Equal(plainIds, tokenizer.Encode(text));
            Assert.Equal(plainIds, row.GetProperty("pieces").EnumerateArray().Select(p => tokenizer.IdOf(p.GetString()!)!.Value));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(plainIds, skipSpecial: false));
        }
    }

    [Theory]
    [InlineData("tiny500")]
    [InlineData("stories512")]
    public void Plain_encoding_equals_sentencepiece_itself_which_knows_no_added_tokens(string name)
    {
        var tokenizer = TokenizerFolders.SentencePiece(name, legacy: true);
        foreach (var row in Fixture($"{name}.json").GetProperty("raw_sentencepiece").EnumerateArray())
            Assert.Equal(Ids(row, "ids"), tokenizer.EncodePlain(row.GetProperty("text").GetString()!));
    }

    [Theory]
    [InlineData("tiny500", "tiny500.legacy")]
    [InlineData("tiny500.metaspace", "tiny500.metaspace")]
    [InlineData("stories512", "stories512.legacy")]
    public void A_tokenizer_json_encodes_and_decodes_as_the_tokenizers_library(string name, string key)
    {
        var tokenizer = TokenizerFolders.Json(name);
        var rows = Fixture("fast_tokenizer_json_ids.json").GetProperty(key).EnumerateArray().ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            Assert.Equal(Ids(row, "ids"), tokenizer.Encode(row.GetProperty("text").GetString()!, addBos: true));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(Ids(row, "ids"), skipSpecial: false));
        }
    }

    [Fact]
    public void Roles_come_from_the_files_beside_the_tokenizer()
    {
        foreach (var tokenizer in new[] { TokenizerFolders.Json("tiny500"), TokenizerFolders.SentencePiece("tiny500", legacy: false) })
        {
            Assert.Equal((1, 2, 501, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnkId));
            Assert.Equal(500, tokenizer.IdOf("<image>"));
            Assert.Equal(502, tokenizer.VocabularySize);
        }
    }

    private static JsonElement Fixture(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFolders.Fixture("tokenizers"), file)));
        return document.RootElement.Clone();
    }

    private static int[] Ids(JsonElement row, string key) => [.. row.GetProperty(key).EnumerateArray().Select(e => e.GetInt32())];
}
