using System.Diagnostics;
using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using TsVlm.Models.Tokenization;

namespace TsVlm.Models.Tests.Tokenization;

public class TokenizerPropertyTests
{
    private static readonly Tokenizer Json = TokenizerFolders.Json("tiny500");
    private static readonly Tokenizer SentencePiece = TokenizerFolders.SentencePiece("tiny500", legacy: false);

    /// <summary>The blank's own mark cannot come back as itself, and lone surrogates are no text.</summary>
    [Property(MaxTest = 300)]
    public void Decoding_gives_the_encoded_text_back(string? drawn)
    {
        var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(drawn ?? "")).Replace('▁', '_');
        Assert.Equal(text, Json.Decode(Json.EncodePlain(text)));
        Assert.Equal(text, SentencePiece.Decode(SentencePiece.EncodePlain(text)));
    }

    /// <summary>Texts from the whole of Unicode, where FsCheck draws mostly ASCII.</summary>
    [Property(MaxTest = 200)]
    public void Characters_of_all_planes_survive(int seed)
    {
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => RandomRune(random).ToString())).Replace('▁', '_');
        Assert.Equal(text, Json.Decode(Json.EncodePlain(text)));
        Assert.Equal(text, SentencePiece.Decode(SentencePiece.EncodePlain(text)));
    }

    /// <summary>Nothing a user types, lone surrogates and control tokens included, makes it fail.</summary>
    [Property(MaxTest = 200)]
    public void Any_sequence_of_characters_encodes(char[] characters)
    {
        var text = new string(characters) + "\uD800<image></s>\0";
        Assert.NotEmpty(Json.Encode(text));
        Assert.NotEmpty(Json.Decode(Json.Encode(text), skipSpecial: false));
        Assert.NotEmpty(SentencePiece.Decode(SentencePiece.Encode(text), skipSpecial: false));
    }

    /// <summary>The greedy definition of byte-pair encoding, step by step, over the whole text without cuts.</summary>
    [Property(MaxTest = 100)]
    public void Cutting_where_no_merge_reaches_changes_nothing(int seed)
    {
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => " theaisnorlcu"[random.Next(13)]));
        Assert.Equal(GreedyReference.Encode(text), Json.EncodePlain(text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_megabyte_encodes_without_quadratic_cost(bool numbers)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        while (text.Length < 1_000_000)
        {
            if (numbers) text.Append(CultureInfo.InvariantCulture, $"{random.NextDouble() * 10 - 5:F2},");
            else text.Append("assistant ");
        }
        var watch = Stopwatch.StartNew();
        var tokens = Json.Encode(text.ToString());
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{text.Length / 1e6 / watch.Elapsed.TotalSeconds:F1} MB/s, {tokens.Length} tokens");
        // Merges that look at every pair again after each merge would take hours; a busy machine takes seconds.
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed.TotalSeconds:F2} s");
    }

    private static Rune RandomRune(Random random)
    {
        while (true)
            if (Rune.TryCreate(random.Next(0x110000), out var rune))
                return rune;
    }
}
