using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace TsVlm.Serving.Requests;

/// <summary>Reads a request's body as JSON.</summary>
internal static class RequestBody
{
    /// <summary>The whole body; the server bounds its size. Every text in it can be read.</summary>
    /// <exception cref="RequestException">It is no JSON in UTF-8.</exception>
    public static async Task<JsonDocument> Read(HttpRequest request)
    {
        using var stream = new MemoryStream();
        await request.Body.CopyToAsync(stream, request.HttpContext.RequestAborted);
        return Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length));
    }

    /// <summary>A body or message that has been read.</summary>
    /// <exception cref="RequestException">It is no JSON in UTF-8.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(body.Span)) throw new RequestException("body: expected JSON in UTF-8, found other bytes.");
        try
        {
            CheckTexts(body.Span);
            return JsonDocument.Parse(body);
        }
        catch (JsonException error)
        {
            throw new RequestException($"body: expected JSON, found an error at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
        }
    }

    /// <summary>A document is parsed without a look at escapes; half of a surrogate pair would fail where the text is read or compared.</summary>
    private static void CheckTexts(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);   // as deep as a document may be, 64
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped) continue;
            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw new RequestException($"body: expected texts in Unicode, found half of a surrogate pair in the text at byte {reader.TokenStartIndex}.");
            }
        }
    }
}
