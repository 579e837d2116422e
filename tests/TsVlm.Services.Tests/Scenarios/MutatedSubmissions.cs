using System.Text;
using System.Text.Json.Nodes;

namespace TsVlm.Services.Tests.Scenarios;

/// <summary>Bodies of POST /experiments with seeded mistakes, of the grammar and below it.</summary>
internal static class MutatedSubmissions
{
    private static readonly string[] Valid =
    [
        """{"grid":"quick","datasets":["CBF"],"seeds":[0,1],"resamples":[0],"protocol":"official","model":"tiny","command":"tsvlm run"}""",
        """
        {"grid":{"name":"g","description":"d","baselines":["1nn-ed","inceptiontime:60"],
          "defaults":{"representation":{"arm":"both","contextLength":192,"numbers":{"digits":1},"rationale":{"source":"contrasts"}},"recipe":{"epochs":2,"lora":{"rank":4}}},
          "scenarios":[{"name":"a","recipe":{"trained":"lora"}},{"name":"b","representation":{"image":"line-plot"}}],
          "axes":{"recipe.epochs":[1,2.5],"representation.arm":["image","text"]}},
         "datasets":["CBF",{"name":"Own","contentHash":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]}
        """,
    ];

    private static readonly JsonNode?[] Wrong =
    [
        null, true, -1, 1e300, long.MaxValue, "", "x", "\u0000", new string('n', 5000), new JsonObject(), new JsonArray(), new JsonArray((JsonNode?)null),
        new JsonObject { ["name"] = null }, string.Join('.', Enumerable.Repeat("a", 5000)),
    ];

    /// <summary>The next body.</summary>
    public static byte[] Next(Random random)
    {
        var root = JsonNode.Parse(Valid[random.Next(Valid.Length)])!;
        for (var n = random.Next(3); n >= 0; n--) Change(root, random);
        var text = root.ToJsonString();
        var bytes = Encoding.UTF8.GetBytes(random.Next(10) switch
        {
            0 => Insert(text, random, "\\ud800"),
            1 => Insert(text, random, new string('[', random.Next(200))),
            2 => text.Replace("\"grid\":", "\"grid\":\"quick\",\"grid\":", StringComparison.Ordinal),
            3 => text.Replace("\"epochs\":", "\"Epochs\":1,\"epochs\":", StringComparison.Ordinal),
            _ => text,
        });
        if (random.Next(4) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static string Insert(string text, Random random, string what) => text.Insert(random.Next(text.Length), what);

    /// <summary>Replaces, removes or repeats a random part of the tree.</summary>
    private static void Change(JsonNode root, Random random)
    {
        var places = Places(root).ToList();
        var (parent, key) = places[random.Next(places.Count)];
        var value = Wrong[random.Next(Wrong.Length)]?.DeepClone();
        if (parent is JsonObject settings)
        {
            var name = (string)key;
            if (random.Next(4) == 0) settings.Remove(name);
            else if (random.Next(4) == 0) settings[name + (string?)Wrong[random.Next(5, 9)]] = value;
            else settings[name] = value;
        }
        else if (parent is JsonArray values)
        {
            if (random.Next(3) == 0) values.Add(values[(int)key]?.DeepClone());
            else values[(int)key] = value;
        }
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode node) => node switch
    {
        JsonObject settings => settings.SelectMany(s => (s.Value is null ? [] : Places(s.Value)).Append((settings, s.Key))),
        JsonArray values => values.SelectMany((v, i) => (v is null ? [] : Places(v)).Append((values, i))),
        _ => [],
    };
}
