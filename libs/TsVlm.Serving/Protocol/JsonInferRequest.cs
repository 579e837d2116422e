using System.Text.Json;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Protocol;

/// <summary>
/// Reads inference requests as JSON. Data may be flat or nested; null, or the number of the parameter <c>missing_value</c>, is a missing
/// value. Unknown parameters have no effect, as the protocol has it.
/// </summary>
/// <param name="bounds">The bounds of series.</param>
internal sealed class JsonInferRequest(SeriesBounds bounds)
{
    private const int MaxNesting = 3;
    private readonly TensorSeries tensors = new(bounds);

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestException">It is none, or asks for what no served model has.</exception>
    public InferRequest Read(JsonElement body)
    {
        var id = body.Optional("id", "body")?.Text("id");
        var minConfidence = Parameter(body, ModelTensors.MinConfidence, "body")?.Share($"parameters.{ModelTensors.MinConfidence}");
        var inputs = body.Member("inputs", "body").Array("inputs").EnumerateArray().ToList();
        var names = inputs.Index().Select(input => input.Item.Member("name", $"inputs[{input.Index}]").Text($"inputs[{input.Index}].name")).ToList();
        var (place, second) = InputTensors.Places(names);
        var (shape, values) = Tensor(inputs[place], $"inputs[{place}]");
        var lengths = second is { } one ? Lengths(inputs[one], shape, $"inputs[{one}]") : null;
        var data = $"inputs[{place}].data";
        var question = new Question(TensorSeries.Split(values, shape, lengths, data), minConfidence, i => $"{data}[{i}]");
        return new(id, question, InferRequest.OutputsOf(Outputs(body), minConfidence));
    }

    private static List<string> Outputs(JsonElement body) => body.Optional("outputs", "body") is not { } outputs ? [] :
        [.. outputs.Array("outputs").EnumerateArray().Index()
            .Select(output => output.Item.Member("name", $"outputs[{output.Index}]").Text($"outputs[{output.Index}].name"))];

    private static JsonElement? Parameter(JsonElement element, string name, string place) =>
        element.Optional("parameters", place) is { } parameters ? parameters.Optional(name, place == "body" ? "parameters" : $"{place}.parameters") : null;

    private static List<long> Shape(JsonElement input, string place) =>
        [.. input.Member("shape", place).Array($"{place}.shape").EnumerateArray().Index().Select(size => size.Item.Count($"{place}.shape[{size.Index}]"))];

    private static string Type(JsonElement input, string place) => input.Member("datatype", place).Text($"{place}.datatype");

    private (List<long> Shape, double[] Values) Tensor(JsonElement input, string place)
    {
        var type = InputTensors.Checked(Type(input, place), InputTensors.NumberTypes, place);
        var missing = Parameter(input, ModelTensors.MissingValue, place)?.Number($"{place}.parameters.{ModelTensors.MissingValue}");
        var shape = Shape(input, place);
        var count = tensors.CountNumbers(shape, $"{place}.shape");
        var data = input.Member("data", place).Array($"{place}.data");
        // Before memory is taken: a shape is written faster than data.
        if (Count(data, MaxNesting) is var found && found != count)
            throw new RequestException($"{place}.data: expected {count} numbers as the shape says, found {found}.");
        var values = new double[count];
        Fill(data, values, $"{place}.data");
        InputTensors.Finish(values, type, missing, $"{place}.data");
        return (shape, values);
    }

    private static List<long> Lengths(JsonElement input, List<long> shape, string place)
    {
        _ = InputTensors.Checked(Type(input, place), InputTensors.LengthTypes, place);
        InputTensors.CheckShapeOfLengths(Shape(input, place), shape, place);
        var lengths = input.Member("data", place).Array($"{place}.data").EnumerateArray().Index()
            .Select(length => length.Item.Count($"{place}.data[{length.Index}]")).ToList();
        TensorSeries.CheckLengths(lengths, shape, $"{place}.data");
        return lengths;
    }

    private static long Count(JsonElement array, int depth)
    {
        var count = 0L;
        foreach (var element in array.EnumerateArray()) count += element.ValueKind is JsonValueKind.Array && depth > 1 ? Count(element, depth - 1) : 1;
        return count;
    }

    /// <summary>Row-major, whether flat or nested as the shape is.</summary>
    private static void Fill(JsonElement data, double[] values, string place)
    {
        var next = 0;
        Add(data, MaxNesting);

        void Add(JsonElement array, int depth)
        {
            foreach (var element in array.EnumerateArray())
            {
                if (element.ValueKind is JsonValueKind.Array && depth > 1)
                {
                    Add(element, depth - 1);
                    continue;
                }
                values[next] = element.ValueKind is JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number)
                    ? number : element.Value($"{place}, number {next}");
                next++;
            }
        }
    }
}
