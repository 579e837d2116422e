using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TsVlm.Deploy.Tests;

/// <summary>YAML as the API server takes it, as JSON: plain scalars are typed, quoted ones are text.</summary>
internal static partial class YamlDocuments
{
    public static IReadOnlyList<JsonNode> Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        // Through text: a parsed number is read as any numeric type, one put in by code as its own only.
        return [.. stream.Documents.Select(d => ToJson(d.RootNode)).OfType<JsonNode>().Select(n => JsonNode.Parse(n.ToJsonString())!)];
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(Entries(map).Select(e => KeyValuePair.Create(e.Key, ToJson(e.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Typed(scalar.Value!),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidDataException($"Line {node.Start.Line}: expected a mapping, a list or a scalar, found {node.NodeType}."),
    };

    /// <summary>A mapping's own entries, after those of a merge key (&lt;&lt;) which they replace.</summary>
    private static Dictionary<string, YamlNode> Entries(YamlMappingNode map)
    {
        var entries = map.Children.TryGetValue(new YamlScalarNode("<<"), out var merged) ? Entries((YamlMappingNode)merged) : [];
        foreach (var (key, value) in map.Children) entries[((YamlScalarNode)key).Value!] = value;
        entries.Remove("<<");
        return entries;
    }

    // YAML 1.1, as Kubernetes reads it: yes and on are Booleans too.
    private static JsonNode? Typed(string text) => text switch
    {
        "" or "~" or "null" => null,
        _ when True().IsMatch(text) => true,
        _ when False().IsMatch(text) => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ when Number().IsMatch(text) => double.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };

    [GeneratedRegex("^(true|yes|on|y)$", RegexOptions.IgnoreCase)]
    private static partial Regex True();

    [GeneratedRegex("^(false|no|off|n)$", RegexOptions.IgnoreCase)]
    private static partial Regex False();

    [GeneratedRegex(@"^[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}
