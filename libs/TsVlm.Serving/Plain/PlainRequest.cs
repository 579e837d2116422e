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
    private readonly JsonChannels channels = new(bounds);

    /// <summary>Reads it.</summary>
    /// <exception cref="RequestException">It is not of that form.</exception>
    public Question Read(JsonElement body)
    {
        body.OnlyMembers(Members, "body");
        var all = body.Member("series", "body").Array("series");
        bounds.CheckSeries(all.GetArrayLength(), "series");
        var series = all.EnumerateArray().Index().Select(one => SeriesBounds.Series(channels.Read(one.Item, Place(one.Index)), Place(one.Index))).ToList();
        return new(series, body.Optional("minConfidence", "body")?.Share("minConfidence"), Place);
    }

    private static string Place(int index) => $"series[{index}]";
}
