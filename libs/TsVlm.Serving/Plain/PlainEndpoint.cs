using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Models;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Plain;

/// <summary>The plain call, <c>POST /classify/MODEL</c>: series in, a label and probabilities by class out.</summary>
internal static class PlainEndpoint
{
    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in (string[])["/classify/{model}", "/classify/{model}/versions/{version}"]) app.MapPost(route, Classify);
    }

    private static async Task<IResult> Classify(string model, string? version, HttpContext context, ModelRepository models, SeriesBounds bounds)
    {
        var served = models.Find(model, version);
        var classes = served.Classifier.Classes;
        using var body = await RequestBody.Read(context.Request);
        var question = new PlainRequest(bounds).Read(body.RootElement);
        var answers = await served.Classify(question.Series, question.PlaceOf, context.RequestAborted);
        return Results.Bytes(Response(served.Source, classes, question, answers), "application/json");
    }

    private static byte[] Response(ModelSource source, IReadOnlyList<string> classes, Question question, IReadOnlyList<SeriesAnswer> answers)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("model", source.Name);
            json.WriteString("version", source.Version);
            json.WriteStartArray("answers");
            foreach (var answer in answers)
            {
                json.WriteStartObject();
                json.WriteString("label", answer.Label);
                json.WriteStartObject("probabilities");
                foreach (var (name, probability) in classes.Zip(answer.Probabilities)) json.WriteNumber(name, probability);
                json.WriteEndObject();
                if (question.MinConfidence is { } min) json.WriteBoolean("abstained", answer.Confidence < min);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
