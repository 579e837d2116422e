using TsVlm.Serving.Classification;

namespace TsVlm.Serving.Protocol;

/// <summary>A tensor of a model, by the Open Inference Protocol.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">Type of its elements.</param>
/// <param name="Shape">Its sizes; -1 where one is free.</param>
internal sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>The tensors that a served model takes and gives.</summary>
internal static class ModelTensors
{
    /// <summary>Input (batch, channels, steps): the series.</summary>
    public const string Series = "series";

    /// <summary>Input (batch), which may be left out: time steps of each series.</summary>
    public const string Lengths = "lengths";

    /// <summary>Output (batch): the most probable class.</summary>
    public const string Label = "label";

    /// <summary>Output (batch, classes).</summary>
    public const string Probabilities = "probabilities";

    /// <summary>Output (classes), where it is asked for: the classes, in the order of the probabilities.</summary>
    public const string Classes = "classes";

    /// <summary>Output (batch), where the request states a least confidence: whether the answer is below it.</summary>
    public const string Abstained = "abstained";

    /// <summary>Parameter of a request: the least confidence that is answered.</summary>
    public const string MinConfidence = "min_confidence";

    /// <summary>Parameter of the input <see cref="Series"/>: the number that stands for a missing value.</summary>
    public const string MissingValue = "missing_value";

    /// <summary>The platform that metadata names.</summary>
    public const string Platform = "tsvlm";

    /// <summary>All outputs.</summary>
    public static IReadOnlyList<string> AllOutputs { get; } = [Label, Probabilities, Classes, Abstained];

    /// <summary>The tensors that a model takes.</summary>
    public static IReadOnlyList<TensorMetadata> Inputs(SeriesClassifier model) =>
        [new(Series, "FP64", [-1, model.NumChannels, -1]), new(Lengths, "INT64", [-1])];

    /// <summary>The tensors that a model gives.</summary>
    public static IReadOnlyList<TensorMetadata> Outputs(SeriesClassifier model) =>
    [
        new(Label, "BYTES", [-1]), new(Probabilities, "FP64", [-1, model.Classes.Count]), new(Classes, "BYTES", [model.Classes.Count]),
        new(Abstained, "BOOL", [-1]),
    ];
}
