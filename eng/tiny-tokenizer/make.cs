// Writes the tokenizer of the embedded tiny model: dotnet run eng/tiny-tokenizer/make.cs libs/TsVlm.Models/tiny/tokenizer.json
//
// Llama form: a blank is put before the text, blanks become ▁, bytes stand in for unknown characters. Ids in this order:
//   0-4        <unk> <s> </s> <image> <pad>
//   5-260      the bytes
//   then       the printable ASCII characters (the blank is ▁)
//   then       numbers: .3, 1.3, -1.3, and the last two with the comma before them, so that a value of a list with one decimal is
//              one token and with two decimals two; -1, and ,1 and ,-1 for values of 10 and more; ▁1 for labels
//   then       words: byte-pair encoding (Sennrich et al. 2016) trained on eng/tiny-tokenizer/words.txt until each is one token
// Digits and words share no characters but ▁, so the two groups of merges cannot disturb each other.

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: dotnet run eng/tiny-tokenizer/make.cs OUTPUT.json");
    return 1;
}

const string Blank = "▁";
var tokens = new List<string> { "<unk>", "<s>", "</s>", "<image>", "<pad>" };
var numSpecial = tokens.Count;
tokens.AddRange(Enumerable.Range(0, 256).Select(b => string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>")));
tokens.Add(Blank);
tokens.AddRange(Enumerable.Range('!', '~' - '!' + 1).Select(c => ((char)c).ToString()));

var merges = new List<(string Left, string Right)>();
var digits = Enumerable.Range(0, 10).Select(d => d.ToString(CultureInfo.InvariantCulture)).ToArray();
var decimals = digits.Select(d => "." + d).ToArray();
var values = digits.SelectMany(d => decimals.Select(f => d + f)).ToArray();
foreach (var digit in digits) Add(".", digit);
foreach (var digit in digits)
    foreach (var part in decimals)
        Add(digit, part);
foreach (var value in values) Add("-", value);
foreach (var value in values) Add(",", value);
foreach (var value in values) Add(",", "-" + value);
foreach (var digit in digits) Add("-", digit);
foreach (var digit in digits) Add(",", digit);
foreach (var digit in digits) Add(",", "-" + digit);
foreach (var digit in digits) Add(Blank, digit);

TrainWords(ReadWords());
WriteTokenizer(args[0]);
Console.WriteLine($"{args[0]}: {tokens.Count} tokens, {merges.Count} merges");
return 0;

void Add(string left, string right)
{
    merges.Add((left, right));
    tokens.Add(left + right);
}

// The list is in groups; a line is a comment, or words with a blank between them.
static string[] ReadWords([CallerFilePath] string here = "") =>
    [.. File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "words.txt"))
        .Where(line => !line.StartsWith('#'))
        .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Distinct().Order(StringComparer.Ordinal)];

// The most frequent pair of neighbours becomes a token; of equally frequent ones the first by code point.
void TrainWords(string[] words)
{
    var spelled = words.Select(word => (Blank + word).Select(c => c.ToString()).ToList()).ToArray();
    while (true)
    {
        var best = spelled.SelectMany(word => word.Zip(word.Skip(1)))
            .GroupBy(pair => pair)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key.First, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Second, StringComparer.Ordinal)
            .FirstOrDefault()?.Key;
        if (best is not var (left, right)) return;
        // Two pairs may join to the same token.
        merges.Add((left, right));
        if (!tokens.Contains(left + right)) tokens.Add(left + right);
        foreach (var word in spelled)
            for (var i = 0; i + 1 < word.Count; i++)
                if (word[i] == left && word[i + 1] == right)
                {
                    word[i] = left + right;
                    word.RemoveAt(i + 1);
                }
    }
}

void WriteTokenizer(string path)
{
    using var stream = File.Create(path);
    using var json = new Utf8JsonWriter(stream, new JsonWriterOptions
    {
        Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
    json.WriteStartObject();
    json.WriteString("version", "1.0");
    json.WriteNull("truncation");
    json.WriteNull("padding");
    json.WriteStartArray("added_tokens");
    for (var id = 0; id < numSpecial; id++)
        json.WriteRawValue($$"""{ "id": {{id}}, "content": "{{tokens[id]}}", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true }""");
    json.WriteEndArray();
    Raw("normalizer", """
        { "type": "Sequence", "normalizers": [ { "type": "Prepend", "prepend": "▁" }, { "type": "Replace", "pattern": { "String": " " }, "content": "▁" } ] }
        """);
    json.WriteNull("pre_tokenizer");
    Raw("post_processor", """
        { "type": "TemplateProcessing",
          "single": [ { "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } } ],
          "pair": [ { "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } },
                    { "SpecialToken": { "id": "<s>", "type_id": 1 } }, { "Sequence": { "id": "B", "type_id": 1 } } ],
          "special_tokens": { "<s>": { "id": "<s>", "ids": [1], "tokens": ["<s>"] } } }
        """);
    Raw("decoder", """
        { "type": "Sequence", "decoders": [ { "type": "Replace", "pattern": { "String": "▁" }, "content": " " },
          { "type": "ByteFallback" }, { "type": "Fuse" }, { "type": "Strip", "content": " ", "start": 1, "stop": 0 } ] }
        """);
    json.WriteStartObject("model");
    json.WriteString("type", "BPE");
    foreach (var name in new[] { "dropout", "continuing_subword_prefix", "end_of_word_suffix" }) json.WriteNull(name);
    json.WriteString("unk_token", "<unk>");
    json.WriteBoolean("fuse_unk", true);
    json.WriteBoolean("byte_fallback", true);
    json.WriteBoolean("ignore_merges", false);
    json.WriteStartObject("vocab");
    for (var id = 0; id < tokens.Count; id++) json.WriteNumber(tokens[id], id);
    json.WriteEndObject();
    json.WriteStartArray("merges");
    foreach (var (left, right) in merges) json.WriteStringValue($"{left} {right}");
    json.WriteEndArray();
    json.WriteEndObject();
    json.WriteEndObject();

    void Raw(string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }
}
