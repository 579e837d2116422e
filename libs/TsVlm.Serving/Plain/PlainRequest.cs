using System.Text.Json;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Plain;

/// <summary>
/// The plain call: <c>{"series": [[[1, 2, null], [4, 5, 6]], ...], "minConfidence": 0.8}</c>, a series as an array of channels, each an array
/// of numbers, null where one is missing. Series may have unequal lengths.
/// </summary>
/// <param name="bounds">The bounds of series.</param>
internal sealed class PlainRequest(SeriesBounds bounds)
{
    private static readonly string[] Members = ["series", "minConfidence"];

    /// <summary>Reads it.</summary>
    /// <exception cref="RequestException">It is not of that form.</exception>
    public Question Read(JsonElement body)
    {
        foreach (var member in body.Object("body").EnumerateObject())
            if (!Members.Contains(member.Name))
                throw new RequestException($"body: expected the members {string.Join(" and ", Members)}, found {JsonSerializer.Serialize(member.Name)}.");
        var all = body.Member("series", "body").Array("series");
        bounds.CheckSeries(all.GetArrayLength(), "series");
        var series = all.EnumerateArray().Index().Select(one => SeriesBounds.Series(Channels(one.Item, Place(one.Index)), Place(one.Index))).ToList();
        return new(series, body.Optional("minConfidence", "body")?.Share("minConfidence"), Place);
    }

    private static string Place(int index) => $"series[{index}]";

    private double[][] Channels(JsonElement series, string place)
    {
        bounds.CheckChannels(series.Array(place).GetArrayLength(), place);
        return [.. series.EnumerateArray().Index().Select(channel => Values(channel.Item, $"{place}[{channel.Index}]"))];
    }

    private double[] Values(JsonElement channel, string place)
    {
        if (channel.ValueKind is not JsonValueKind.Array) throw JsonReading.Wrong(place, "an array of numbers, the values of a channel", channel);
        bounds.CheckSteps(channel.GetArrayLength(), place);
        var (values, next) = (new double[channel.GetArrayLength()], 0);
        foreach (var value in channel.EnumerateArray())
        {
            values[next] = value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
                ? number : value.Value($"{place}[{next}]");
            next++;
        }
        return values;
    }
}
