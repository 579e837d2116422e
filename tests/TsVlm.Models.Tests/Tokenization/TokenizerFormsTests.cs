using System.Text.Json;
using TsVlm.Models.Tokenization;
using TsVlm.Tests;

namespace TsVlm.Models.Tests.Tokenization;

public class TokenizerFormsTests
{
    [Fact]
    public void Merges_may_be_texts_or_pairs()
    {
        Assert.Equal([3], LettersOf("""["a b", "ab c"]""").Encode("abc"));
        Assert.Equal([3], LettersOf("""[["a", "b"], ["ab", "c"]]""").Encode("abc"));
    }

    [Fact]
    public void The_leftmost_pair_of_equal_rank_merges_first() => Assert.Equal([4, 0], LettersOf("""["a a"]""").Encode("aaa"));

    [Fact]
    public void Unknown_characters_are_one_unknown_token_when_fused() => Assert.Equal([0, 6, 1], LettersOf("""["a b"]""").Encode("axyb"));

    [Fact]
    public void Added_tokens_match_longest_first_and_take_blanks_when_they_strip()
    {
        var tokenizer = TokenizerFolders.Of(("tokenizer.json", """
            {
              "added_tokens": [
                { "id": 10, "content": "<a>", "special": true }, { "id": 11, "content": "<a><a>", "special": true },
                { "id": 12, "content": "<l>", "special": true, "lstrip": true }, { "id": 13, "content": "<r>", "special": true, "rstrip": true },
                { "id": 14, "content": "word", "single_word": true }
              ],
              "decoder": { "type": "Fuse" },
              "model": { "type": "BPE", "vocab": { "a": 0, " ": 1, "w": 2, "o": 3, "r": 4, "d": 5, "s": 6 }, "merges": [] }
            }
            """));
        Assert.Equal([11, 10], tokenizer.Encode("<a><a><a>"));
        Assert.Equal([0, 12, 1, 0], tokenizer.Encode("a  <l> a"));
        Assert.Equal([0, 1, 13, 0], tokenizer.Encode("a <r>  a"));
        Assert.Equal([14, 1, 2, 3, 4, 5, 6], tokenizer.Encode("word words"));
    }

    [Theory]
    [InlineData("first", "a<s>a", new[] { 2, 9, 0 })]
    [InlineData("always", "a<s>a", new[] { 2, 9, 2 })]
    [InlineData("never", "a<s>a", new[] { 0, 9, 0 })]
    public void Metaspace_puts_its_blank_by_its_scheme(string scheme, string text, int[] expected)
    {
        var tokenizer = TokenizerFolders.Of(("tokenizer.json", $$"""
            {
              "added_tokens": [{ "id": 9, "content": "<s>", "special": true }],
              "pre_tokenizer": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}", "split": true },
              "decoder": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{scheme}}" },
              "model": { "type": "BPE", "vocab": { "a": 0, "▁": 1, "▁a": 2, "a▁": 3 }, "merges": ["a ▁", "▁ a"] }
            }
            """));
        Assert.Equal(expected, tokenizer.Encode(text));
        // Words are encoded each by itself: the merge across the blank cannot happen.
        Assert.DoesNotContain(3, tokenizer.Encode("a a"));
        Assert.Equal("a a", tokenizer.Decode(tokenizer.Encode("a a")));
    }

    [Fact]
    public void Byte_level_words_follow_the_expression_and_round_trip()
    {
        // Llama 3's expression groups up to three digits and keeps one blank before a word.
        var tokenizer = ByteLevel("""
            { "type": "Sequence", "pretokenizers": [
              { "type": "Split", "pattern": { "Regex": "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+" }, "behavior": "Isolated", "invert": false },
              { "type": "ByteLevel", "add_prefix_space": false, "use_regex": false } ] }
            """);
        // "1234" is the words 123 and 4, so the merge of 3 and 4 does not happen; that of 2 and 3 does.
        Assert.Equal([tokenizer.IdOf("1")!.Value, tokenizer.IdOf("23")!.Value, tokenizer.IdOf("4")!.Value], tokenizer.Encode("1234"));
        Assert.Equal([tokenizer.IdOf("a")!.Value, tokenizer.IdOf("Ġa")!.Value], tokenizer.Encode("a a"));
        const string Text = "It's 12345.678\n\n  naïve 日本 😀 \t end ";
        Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text)));
    }

    [Fact]
    public void Byte_level_without_an_expression_of_its_own_uses_gpt2s()
    {
        var tokenizer = ByteLevel("""{ "type": "ByteLevel", "add_prefix_space": false }""");
        Assert.Equal([tokenizer.IdOf("1")!.Value, tokenizer.IdOf("23")!.Value, tokenizer.IdOf("4")!.Value], tokenizer.Encode("1234"));
        Assert.Equal([tokenizer.IdOf("a")!.Value, tokenizer.IdOf("Ġa")!.Value], tokenizer.Encode("a a"));
    }

    [Theory]
    [InlineData("{", "expected JSON")]
    [InlineData("""{ "model": { "type": "Unigram" } }""", "model.vocab")]
    [InlineData("""{ "model": { "type": "Unigram", "vocab": {}, "merges": [] } }""", "model.type: expected BPE, found \"Unigram\"")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": ["a b"] } }""", "model.merges[0]")]
    [InlineData("""{ "normalizer": { "type": "NFKC" }, "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": [] } }""",
        "normalizer.type")]
    public void A_malformed_tokenizer_json_is_refused_with_file_and_key(string json, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => TokenizerFolders.Of(("tokenizer.json", json)));
        Assert.Contains("tokenizer.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_off_tokenizer_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Path.Combine(TestFolders.Fixture("llava-tiny"), "tokenizer.model"));
        File.WriteAllBytes(folder.File("tokenizer.model"), whole[..3000]);
        var error = Assert.Throws<InvalidDataException>(() => Tokenizer.Open(folder.Path));
        Assert.Contains("tokenizer.model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_refused()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<FileNotFoundException>(() => Tokenizer.Open(folder.Path));
        Assert.Contains("tokenizer.json or tokenizer.model", error.Message, StringComparison.Ordinal);
    }

    private static Tokenizer LettersOf(string merges) => TokenizerFolders.Of(("tokenizer.json", $$"""
        {
          "decoder": { "type": "Fuse" },
          "model": { "type": "BPE", "unk_token": "?", "fuse_unk": true, "merges": {{merges}},
            "vocab": { "a": 0, "b": 1, "c": 2, "abc": 3, "aa": 4, "ab": 5, "?": 6 } }
        }
        """));

    private static Tokenizer ByteLevel(string preTokenizer)
    {
        // GPT-2's alphabet, written out: printable Latin-1 stands for itself, the other bytes are U+0100 and on.
        var printable = Enumerable.Range(0, 256).Where(b => b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174).ToList();
        var alphabet = printable.Select(b => (char)b).Concat(Enumerable.Range(256, 256 - printable.Count).Select(c => (char)c));
        var vocabulary = alphabet.Select(c => c.ToString()).Concat(["23", "34", "Ġa"]).Index().ToDictionary(t => t.Item, t => t.Index);
        return TokenizerFolders.Of(("tokenizer.json", $$"""
            {
              "pre_tokenizer": {{preTokenizer}},
              "decoder": { "type": "ByteLevel" },
              "model": { "type": "BPE", "vocab": {{JsonSerializer.Serialize(vocabulary)}}, "merges": ["2 3", "3 4", "Ġ a"] }
            }
            """));
    }
}
