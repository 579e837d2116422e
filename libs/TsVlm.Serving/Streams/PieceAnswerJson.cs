using System.Text.Json;
using TsVlm.Serving.Requests;
using TsVlm.Serving.Windows;

namespace TsVlm.Serving.Streams;

/// <summary>Writes what a client is answered to a piece as JSON.</summary>
internal static class PieceAnswerJson
{
    /// <summary>An answer.</summary>
    public static byte[] Of(PieceAnswer answer) => Written(json =>
    {
        json.WriteString("id", answer.Id);
        json.WriteString("model", answer.Model.Name);
        json.WriteString("version", answer.Model.Version);
        json.WriteNumber("samples", answer.Samples.NumSamples);
        json.WriteNumber("steps", answer.Samples.NumSteps);
        json.WriteNumber("nextEnd", answer.Samples.NextEnd);
        json.WriteBoolean("ended", answer.HasEnded);
        json.WriteStartArray("windows");
        foreach (var window in answer.Windows) Write(json, window, answer.Classes, answer.HasAlarms);
        json.WriteEndArray();
    });

    /// <summary>A refusal, as a message.</summary>
    /// <param name="id">The stream; null where it is not known.</param>
    /// <param name="error">Why.</param>
    public static byte[] Of(string? id, RequestException error) => Written(json =>
    {
        if (id is not null) json.WriteString("id", id);
        json.WriteString("error", error.Message);
        json.WriteNumber("status", error.Status);
        if (error.RetryAfter is { } later) json.WriteNumber("retryAfter", Math.Ceiling(later.TotalSeconds));
    });

    private static void Write(Utf8JsonWriter json, WindowAnswer told, IReadOnlyList<string> classes, bool hasAlarms)
    {
        json.WriteStartObject();
        json.WriteNumber("number", told.Window.Number);
        json.WriteNumber("start", told.Window.Start);
        json.WriteNumber("end", told.Window.End);
        if (told.Window.Time is { } time) json.WriteNumber("time", time);
        json.WriteString("label", told.Answer?.Label);
        if (told.Answer is { } answer)
        {
            json.WriteStartObject("probabilities");
            foreach (var (name, probability) in classes.Zip(answer.Probabilities)) json.WriteNumber(name, probability);
            json.WriteEndObject();
        }
        else json.WriteNull("probabilities");
        json.WriteBoolean("abstained", told.IsAbstained);
        if (hasAlarms)
        {
            Write(json, "alarms", told.Alarms.Active);
            Write(json, "raised", told.Alarms.Raised);
            Write(json, "cleared", told.Alarms.Cleared);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> classes)
    {
        json.WriteStartArray(name);
        foreach (var one in classes) json.WriteStringValue(one);
        json.WriteEndArray();
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
