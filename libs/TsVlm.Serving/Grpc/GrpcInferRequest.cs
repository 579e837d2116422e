using Google.Protobuf;
using Inference;
using TsVlm.Serving.Protocol;
using TsVlm.Serving.Requests;
using InputTensor = Inference.ModelInferRequest.Types.InferInputTensor;

namespace TsVlm.Serving.Grpc;

/// <summary>
/// Reads inference requests as messages. NaN, or the number of the parameter <c>missing_value</c>, is a missing value. Unknown parameters
/// have no effect, as the protocol has it.
/// </summary>
/// <param name="bounds">The bounds of series.</param>
internal sealed class GrpcInferRequest(SeriesBounds bounds)
{
    private readonly TensorSeries tensors = new(bounds);

    /// <summary>Reads a request.</summary>
    /// <exception cref="RequestException">It asks for what no served model has.</exception>
    public InferRequest Read(ModelInferRequest request)
    {
        var minConfidence = Number(request.Parameters.GetValueOrDefault(ModelTensors.MinConfidence), $"parameters.{ModelTensors.MinConfidence}");
        if (minConfidence is < 0 or > 1 or double.NaN)
            throw new RequestException(FormattableString.Invariant($"parameters.{ModelTensors.MinConfidence}: expected a number from 0 to 1, found {minConfidence}."));
        var (place, second) = InputTensors.Places([.. request.Inputs.Select(input => input.Name)]);
        CheckRaw(request);
        var (shape, values) = Series(request.Inputs[place], RawOf(request, place), $"inputs[{place}]");
        var lengths = second is { } one ? Lengths(request.Inputs[one], RawOf(request, one), shape, $"inputs[{one}]") : null;
        var data = $"inputs[{place}].contents";
        var question = new Question(TensorSeries.Split(values, shape, lengths, data), minConfidence, i => $"{data}[{i}]");
        return new(request.Id, question, InferRequest.OutputsOf([.. request.Outputs.Select(output => output.Name)], minConfidence));
    }

    private static void CheckRaw(ModelInferRequest request)
    {
        if (request.RawInputContents.Count == 0) return;
        if (request.RawInputContents.Count != request.Inputs.Count)
            throw new RequestException($"raw_input_contents: expected one for each of {request.Inputs.Count} inputs, or none, "
                + $"found {request.RawInputContents.Count}.");
        if (request.Inputs.Index().FirstOrDefault(input => input.Item.Contents is not null) is { Item: not null } both)
            throw new RequestException($"inputs[{both.Index}].contents: expected none beside raw_input_contents, found some.");
    }

    private static ByteString? RawOf(ModelInferRequest request, int input) =>
        request.RawInputContents.Count > 0 ? request.RawInputContents[input] : null;

    private (IReadOnlyList<long> Shape, double[] Values) Series(InputTensor input, ByteString? raw, string place)
    {
        var type = InputTensors.Checked(input.Datatype, InputTensors.NumberTypes, place);
        var missing = Number(input.Parameters.GetValueOrDefault(ModelTensors.MissingValue), $"{place}.parameters.{ModelTensors.MissingValue}");
        var values = TensorContents.Doubles(input, raw, tensors.CountNumbers(input.Shape, $"{place}.shape"), place);
        InputTensors.Finish(values, type, missing, $"{place}.contents");
        return (input.Shape, values);
    }

    private static long[] Lengths(InputTensor input, ByteString? raw, IReadOnlyList<long> shapeOfSeries, string place)
    {
        _ = InputTensors.Checked(input.Datatype, InputTensors.LengthTypes, place);
        InputTensors.CheckShapeOfLengths(input.Shape, shapeOfSeries, place);
        long[] lengths = [.. TensorContents.Doubles(input, raw, (int)input.Shape[0], place).Select(length => (long)length)];
        TensorSeries.CheckLengths(lengths, shapeOfSeries, $"{place}.contents");
        return lengths;
    }

    private static double? Number(InferParameter? parameter, string place) => parameter?.ParameterChoiceCase switch
    {
        null => null,
        InferParameter.ParameterChoiceOneofCase.DoubleParam => parameter.DoubleParam,
        InferParameter.ParameterChoiceOneofCase.Int64Param => parameter.Int64Param,
        InferParameter.ParameterChoiceOneofCase.Uint64Param => parameter.Uint64Param,
        var other => throw new RequestException($"{place}: expected a number (double_param, int64_param, uint64_param), found {other}."),
    };
}
