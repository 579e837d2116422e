using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Data;

namespace TsVlm.Serving.Tests;

/// <summary>Bodies of requests, and what is read of their answers.</summary>
internal static class Requests
{
    /// <summary>The plain call; NaN as null.</summary>
    public static string Plain(IEnumerable<TimeSeries> series) => JsonSerializer.Serialize(new { series = series.Select(Channels) });

    /// <summary>An inference request: the shorter series filled up, with their lengths.</summary>
    public static string Infer(IReadOnlyList<TimeSeries> series)
    {
        var longest = series.Max(one => one.Length);
        var data = series.SelectMany(one => Channels(one).SelectMany(values => values.Concat(Enumerable.Repeat((double?)0, longest - values.Length))));
        return JsonSerializer.Serialize(new
        {
            id = "seven",
            inputs = new object[]
            {
                new { name = "series", shape = new[] { series.Count, series[0].NumChannels, longest }, datatype = "FP64", data },
                new { name = "lengths", shape = new[] { series.Count }, datatype = "INT64", data = series.Select(one => one.Length) },
            },
        });
    }

    /// <summary>Labels and the bits of the probabilities, from the answer to either call.</summary>
    public static List<string> Answers(JsonNode response) => response["answers"] is { } answers
        ? [.. answers.AsArray().Select(one => Bits((string)one!["label"]!, one["probabilities"]!.AsObject().Select(p => (double)p.Value!)))]
        : [.. Output(response, "label").Zip(Output(response, "probabilities").Select(p => (double)p!)
            .Chunk((int)response["outputs"]![1]!["shape"]![1]!), (label, row) => Bits((string)label!, row))];

    /// <summary>The data of an output.</summary>
    public static JsonArray Output(JsonNode response, string name) =>
        response["outputs"]!.AsArray().Single(output => (string)output!["name"]! == name)!["data"]!.AsArray();

    public static string Bits(string label, IEnumerable<double> probabilities) =>
        $"{label} {string.Join(' ', probabilities.Select(p => BitConverter.DoubleToInt64Bits(p).ToString("x16")))}";

    private static double?[][] Channels(TimeSeries series) => [.. Enumerable.Range(0, series.NumChannels)
        .Select(c => series.Channel(c).ToArray().Select(value => double.IsNaN(value) ? (double?)null : value).ToArray())];
}
