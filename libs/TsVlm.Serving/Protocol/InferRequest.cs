using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Protocol;

/// <summary>An inference request, whatever it came by.</summary>
/// <param name="Id">What the caller calls it, echoed in the response; null where it has no name.</param>
/// <param name="Question">What it asks.</param>
/// <param name="Outputs">The outputs that are wanted, in their order.</param>
internal sealed record InferRequest(string? Id, Question Question, IReadOnlyList<string> Outputs)
{
    /// <summary>The outputs of a request that names those.</summary>
    /// <param name="names">The names; none for the default.</param>
    /// <param name="minConfidence">The least confidence that is answered, where the request states one.</param>
    /// <exception cref="RequestException">An output is unknown or named twice, or cannot be given.</exception>
    public static IReadOnlyList<string> OutputsOf(IReadOnlyList<string> names, double? minConfidence)
    {
        if (names.Count == 0)
        {
            string[] byDefault = [ModelTensors.Label, ModelTensors.Probabilities];
            return minConfidence is null ? byDefault : [.. byDefault, ModelTensors.Abstained];
        }
        foreach (var (i, name) in names.Index())
        {
            if (!ModelTensors.AllOutputs.Contains(name))
                throw new RequestException(
                    $"outputs[{i}].name: expected one of {string.Join(", ", ModelTensors.AllOutputs)}, found '{Shortened(name)}'.");
            if (names.Take(i).Contains(name)) throw new RequestException($"outputs[{i}].name: expected each output once, found {name} again.");
            if (name == ModelTensors.Abstained && minConfidence is null)
                throw new RequestException(
                    $"outputs[{i}]: expected the parameter {ModelTensors.MinConfidence} beside the output {name}, found none.");
        }
        return names;
    }

    /// <summary>A text of the caller's, as a message shows it.</summary>
    public static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
