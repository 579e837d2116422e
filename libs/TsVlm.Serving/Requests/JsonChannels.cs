using System.Text.Json;

namespace TsVlm.Serving.Requests;

/// <summary>Reads a series as JSON: an array of channels, each an array of numbers, null where one is missing.</summary>
/// <param name="bounds">The bounds of series.</param>
internal sealed class JsonChannels(SeriesBounds bounds)
{
    /// <summary>The values (channels, steps) of a series; channels may have unequal lengths.</summary>
    /// <exception cref="RequestException">It is not of that form, or beyond the bounds.</exception>
    public double[][] Read(JsonElement series, string place)
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
