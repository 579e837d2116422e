using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Protocol;

/// <summary>What holds of the inputs of a request, whatever it came by.</summary>
internal static class InputTensors
{
    /// <summary>Types that the values of series may have.</summary>
    public static IReadOnlyList<string> NumberTypes { get; } =
        ["FP64", "FP32", "INT64", "INT32", "INT16", "INT8", "UINT8", "UINT16", "UINT32", "UINT64"];

    /// <summary>Types that lengths may have.</summary>
    public static IReadOnlyList<string> LengthTypes { get; } = ["INT64", "INT32", "UINT32", "UINT64"];

    /// <summary>Where the series and their lengths are among inputs of these names.</summary>
    /// <exception cref="RequestException">There are no series, or another input, or one twice.</exception>
    public static (int Series, int? Lengths) Places(List<string> names)
    {
        var place = Place(names, ModelTensors.Series) ?? throw new RequestException($"inputs: expected the input {ModelTensors.Series}, found none.");
        if (names.FindIndex(name => name is not (ModelTensors.Series or ModelTensors.Lengths)) is var unknown and >= 0)
            throw new RequestException($"inputs[{unknown}].name: expected {ModelTensors.Series} or {ModelTensors.Lengths}, "
                + $"found '{InferRequest.Shortened(names[unknown])}'.");
        return (place, Place(names, ModelTensors.Lengths));
    }

    /// <summary>The type of a tensor.</summary>
    /// <exception cref="RequestException">It is none of those.</exception>
    public static string Checked(string type, IReadOnlyList<string> types, string place) => types.Contains(type) ? type
        : throw new RequestException($"{place}.datatype: expected one of {string.Join(", ", types)}, found '{InferRequest.Shortened(type)}'.");

    /// <summary>Refuses a tensor of lengths that has not one for each series.</summary>
    /// <exception cref="RequestException">It has not.</exception>
    public static void CheckShapeOfLengths(IReadOnlyList<long> shape, IReadOnlyList<long> shapeOfSeries, string place)
    {
        if (shape is not [var size] || size != shapeOfSeries[0])
            throw new RequestException($"{place}.shape: expected [{shapeOfSeries[0]}], a length for each series, found another one.");
    }

    /// <summary>Makes numbers of a tensor values of series: as their type has them, NaN where they are missing.</summary>
    /// <param name="values">The numbers; changed.</param>
    /// <param name="type">Their type.</param>
    /// <param name="missing">The number that stands for a missing value; null for none.</param>
    /// <param name="place">Where they are.</param>
    /// <exception cref="RequestException">A number is infinite.</exception>
    public static void Finish(double[] values, string type, double? missing, string place)
    {
        if (type == "FP32")
        {
            missing = (float?)missing;
            for (var i = 0; i < values.Length; i++) values[i] = (float)values[i];
        }
        if (missing is { } sought) values.AsSpan().Replace(sought, double.NaN);
        if (Array.FindIndex(values, double.IsInfinity) is var infinite and >= 0)
            throw new RequestException($"{place}: expected finite numbers of {type}, found a larger one as number {infinite}.");
    }

    private static int? Place(List<string> names, string name)
    {
        var place = names.IndexOf(name);
        if (place >= 0 && names.LastIndexOf(name) is var last && last > place)
            throw new RequestException($"inputs[{last}].name: expected each input once, found {name} again.");
        return place < 0 ? null : place;
    }
}
