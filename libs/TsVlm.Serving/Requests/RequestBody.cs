using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TsVlm.Serving.Requests;

/// <summary>Reads a request's body as JSON.</summary>
internal static class RequestBody
{
    /// <summary>The whole body; the server bounds its size.</summary>
    /// <exception cref="RequestException">It is no JSON.</exception>
    public static async Task<JsonDocument> Read(HttpRequest request)
    {
        try
        {
            return await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException error)
        {
            throw new RequestException($"body: expected JSON, found an error at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
        }
    }
}
