using System.Text.Json;
using TsVlm.Serving.Classification;

namespace TsVlm.Serving.Protocol;

/// <summary>Writes output tensors as JSON.</summary>
internal static class OutputJson
{
    /// <summary>Writes one of <see cref="ModelTensors.AllOutputs"/>.</summary>
    public static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> classes, IReadOnlyList<SeriesAnswer> answers,
        double? minConfidence)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        switch (name)
        {
            case ModelTensors.Label:
                Head("BYTES", answers.Count);
                foreach (var answer in answers) json.WriteStringValue(answer.Label);
                break;
            case ModelTensors.Probabilities:
                Head("FP64", answers.Count, classes.Count);
                foreach (var probability in answers.SelectMany(answer => answer.Probabilities)) json.WriteNumberValue(probability);
                break;
            case ModelTensors.Classes:
                Head("BYTES", classes.Count);
                foreach (var one in classes) json.WriteStringValue(one);
                break;
            default:
                Head("BOOL", answers.Count);
                foreach (var answer in answers) json.WriteBooleanValue(answer.Confidence < minConfidence);
                break;
        }
        json.WriteEndArray();
        json.WriteEndObject();

        void Head(string datatype, params ReadOnlySpan<int> shape)
        {
            json.WriteString("datatype", datatype);
            json.WriteStartArray("shape");
            foreach (var size in shape) json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteStartArray("data");
        }
    }
}
