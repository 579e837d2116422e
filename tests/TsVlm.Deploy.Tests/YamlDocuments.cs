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
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, ToJson(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Typed(scalar.Value!),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidDataException($"Line {node.Start.Line}: expected a mapping, a list or a scalar, found {node.NodeType}."),
    };

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
