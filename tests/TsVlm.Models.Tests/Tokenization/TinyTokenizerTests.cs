using System.Globalization;
using TsVlm.Models.Tokenization;
using TsVlm.Tests;

namespace TsVlm.Models.Tests.Tokenization;

public class TinyTokenizerTests
{
    private static readonly Tokenizer Tiny = ModelFolder.Open("tiny").Tokenizer;

    public static TheoryData<string> Signs => ["", "-"];

    [Theory]
    [MemberData(nameof(Signs))]
    public void A_value_with_one_decimal_is_one_token_its_sign_and_comma_included(string sign)
    {
        foreach (var value in OneDecimal().Select(v => sign + v))
        {
            Assert.NotNull(Tiny.IdOf(value));
            Assert.Equal(Ids("▁5", "," + value), Tiny.EncodePlain($"5,{value}"));
            Assert.Equal(Ids("▁", value), Tiny.EncodePlain(value));
        }
    }

    [Theory]
    [MemberData(nameof(Signs))]
    public void A_value_with_two_decimals_is_two_tokens(string sign)
    {
        foreach (var value in OneDecimal().Select(v => sign + v))
            for (var digit = 0; digit < 10; digit++)
                Assert.Equal(Ids("▁", "0.1", "," + value, $"{digit}", ",0.2"), Tiny.EncodePlain($"0.1,{value}{digit},0.2"));
    }

    [Fact]
    public void Longer_numbers_fall_back_to_digits()
    {
        Assert.Equal(Ids("▁1", "2.5"), Tiny.EncodePlain("12.5"));
        Assert.Equal(Ids("▁1", "2", "3.4", "5", "6", ",-1", "2.5", ",7"), Tiny.EncodePlain("123.456,-12.5,7"));
    }

    [Fact]
    public void Every_listed_word_is_one_token()
    {
        var words = File.ReadLines(Path.Combine(TestFolders.Repository, "eng", "tiny-tokenizer", "words.txt"))
            .Where(line => !line.StartsWith('#')).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.True(words.Count > 200);
        Assert.All(words, word => Assert.Equal(Ids("▁" + word), Tiny.EncodePlain(word)));
    }

    [Fact]
    public void Every_character_of_a_keyboard_is_a_token_and_any_other_is_its_bytes()
    {
        for (var c = '!'; c <= '~'; c++) Assert.NotNull(Tiny.IdOf(c.ToString()));
        Assert.Equal(Ids("▁", "<0xE7>", "<0x8C>", "<0xAB>", "<0x0A>"), Tiny.EncodePlain("猫\n"));
    }

    [Fact]
    public void The_special_tokens_have_their_roles()
    {
        Assert.Equal((0, 1, 2, 4), (Tiny.UnkId, Tiny.BosId, Tiny.EosId, Tiny.PadId));
        Assert.Equal(3, Tiny.IdOf("<image>"));
        Assert.InRange(Tiny.VocabularySize, 1, 2048);
        Assert.Equal("USER: 0.15,-2.3 naïve 猫", Tiny.Decode(Tiny.Encode("USER: 0.15,-2.3 naïve 猫", addBos: true)));
    }

    private static IEnumerable<string> OneDecimal() =>
        Enumerable.Range(0, 100).Select(tenths => (tenths / 10m).ToString("F1", CultureInfo.InvariantCulture));

    private static int[] Ids(params string[] tokens) =>
        [.. tokens.Select(t => Tiny.IdOf(t) ?? throw new InvalidOperationException($"'{t}' is no token."))];
}
