using System.Text.Json;
using TsVlm.Tests;

namespace TsVlm.Models.Tests.Tokenization;

/// <summary>
/// Byte-pair encoding as it is defined (Sennrich et al. 2016): again and again the pair of lowest rank, leftmost first. O(n^2), for
/// checking.
/// </summary>
internal static class GreedyReference
{
    private static readonly JsonElement Model = Load();
    private static readonly Dictionary<string, int> Vocabulary = Model.GetProperty("vocab").EnumerateObject()
        .ToDictionary(p => p.Name, p => p.Value.GetInt32());
    private static readonly Dictionary<string, int> Ranks = Model.GetProperty("merges").EnumerateArray().Index()
        .ToDictionary(m => m.Item.GetString()!, m => m.Index);

    /// <summary>Ids of a text of letters and blanks that the vocabulary of tiny500 holds.</summary>
    public static int[] Encode(string text)
    {
        var symbols = ("▁" + text.Replace(' ', '▁')).Select(c => c.ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, symbols.Count - 1)
                .Select(i => (Rank: Ranks.GetValueOrDefault($"{symbols[i]} {symbols[i + 1]}", int.MaxValue), At: i))
                .DefaultIfEmpty((Rank: int.MaxValue, At: 0)).Min();
            if (best.Rank == int.MaxValue) return [.. symbols.Select(s => Vocabulary[s])];
            symbols[best.At] += symbols[best.At + 1];
            symbols.RemoveAt(best.At + 1);
        }
    }

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestFolders.Fixture("llava-tiny"), "tokenizer.json")));
        return document.RootElement.GetProperty("model").Clone();
    }
}
