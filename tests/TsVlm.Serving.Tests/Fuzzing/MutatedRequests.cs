using System.Text;

namespace TsVlm.Serving.Tests.Fuzzing;

/// <summary>A request that may make no sense.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path of the address.</param>
/// <param name="Body">Body; null for none.</param>
/// <param name="ContentType">What the body is said to be; null for nothing.</param>
internal sealed record MutatedRequest(string Method, string Path, byte[]? Body, string? ContentType)
{
    public override string ToString() => $"{Method} {Path} {(Body is null ? "" : Encoding.Latin1.GetString(Body, 0, Math.Min(Body.Length, 2000)))}";
}

/// <summary>Requests of both calls and pieces of streams, each changed in one to four places; the same for a seed.</summary>
internal sealed class MutatedRequests(int seed, string model)
{
    private static readonly string[] Methods = ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    private static readonly string?[] Types = ["text/plain", "application/octet-stream", "application/json; charset=utf-16", "multipart/form-data", null];

    private static readonly string[] Tokens =
    [
        "null", "true", "NaN", "-1", "0", "1e999", "-1e-999", "1e100", "1e101", "9223372036854775808", "-9223372036854775809", "0.1e+308", "00", "1.", "+1",
        "\"\"", "\"NaN\"", "\"\\ud800\"", "\"\\u0000\"", "\"series\"", "\"lengths\"", "\"FP32\"", "\"BYTES\"", "\"INT64\"", "[]", "{}", "[[]]", "[[[]]]",
        "[null]", "[[[null]]]", "{\"name\": \"series\"}", ",", ":", "[", "]", "{", "}", "\"", "\\", "/*", "\u0000", "\ufeff", "ÿ", "𝛼",
        "2147483647", "4294967296", "1000000000",
    ];

    private readonly Random random = new(seed);

    /// <summary>The next one.</summary>
    public MutatedRequest Next()
    {
        var (path, text) = random.Next(3) switch
        {
            0 => ($"/classify/{model}", Plain()),
            1 => ($"/v2/models/{model}/infer", Inference()),
            _ => ($"/stream/{model}", Piece()),
        };
        var body = Encoding.UTF8.GetBytes(text);
        var method = "POST";
        var type = "application/json";
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            switch (random.Next(40))
            {
                case 0: path = Changed(path); break;
                case 1: method = Pick(Methods); break;
                case 2: type = Pick(Types); break;
                case 3: body = Nested(); break;
                default: body = Changed(body); break;
            }
        }
        return new(method, path, method is "GET" or "HEAD" ? null : body, type);
    }

    private string Plain() =>
        "{\"series\": [" + Join(random.Next(1, 4), Series) + "]" + (random.Next(2) == 0 ? "" : ", \"minConfidence\": 0.5") + "}";

    private string Series() => $"[[{Join(random.Next(1, 6), Value)}]]";

    private string Piece()
    {
        var (numSamples, hasTimes) = (random.Next(1, 6), random.Next(2) == 0);
        var grid = hasTimes ? """, "interval": 0.5, "maxGap": 2""" : "";
        var times = hasTimes ? $", \"times\": [{string.Join(',', Enumerable.Range(0, numSamples).Select(i => $"{i}.{random.Next(10)}"))}]" : "";
        var start = $$"""
            , "start": {"window": {{random.Next(1, 5)}}, "hop": 2{{grid}}, "minConfidence": 0.5, "alarms": {"after": 1, "clearAfter": 2} }
            """;
        return $$"""
            {"id": "{{random.Next(5)}}"{{(random.Next(3) == 0 ? "" : start)}}, "end": {{(random.Next(3) == 0 ? "true" : "false")}},
             "series": [[{{Join(numSamples, Value)}}]]{{times}} }
            """;
    }

    private string Inference()
    {
        var (numSeries, numSteps) = (random.Next(1, 4), random.Next(1, 6));
        var lengths = $", {{\"name\": \"lengths\", \"shape\": [{numSeries}], \"datatype\": \"INT64\", \"data\": [{Join(numSeries, () => "1")}]}}";
        return $$"""
            {"id": "a", "inputs": [{"name": "series", "shape": [{{numSeries}}, 1, {{numSteps}}], "datatype": "FP64",
             "parameters": {"missing_value": -999}, "data": [{{Join(numSeries * numSteps, Value)}}] }{{(random.Next(2) == 0 ? "" : lengths)}}],
             "outputs": [{"name": "label"}, {"name": "probabilities"}, {"name": "abstained"}], "parameters": {"min_confidence": 0.5} }
            """;
    }

    private string Value() => random.Next(8) switch { 0 => "null", 1 => "-999", _ => $"{random.Next(-99, 99)}.{random.Next(10)}" };

    private static string Join(int count, Func<string> part) => string.Join(',', Enumerable.Range(0, count).Select(_ => part()));

    private byte[] Changed(byte[] body)
    {
        if (body.Length == 0) return Encoding.UTF8.GetBytes(Pick(Tokens));
        var (at, length) = (random.Next(body.Length), random.Next(1, 12));
        var end = Math.Min(body.Length, at + length);
        return random.Next(7) switch
        {
            0 => body[..at],
            1 => [.. body[..at], .. body[end..]],
            2 => [.. body[..end], .. body[at..end], .. body[end..]],
            3 => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
            4 => [.. body[..at], .. Encoding.UTF8.GetBytes(Pick(Tokens)), .. body[at..]],
            5 => Replaced(body, at),
            _ => [.. body[..at], (byte)(body[at] ^ (1 << random.Next(8))), .. body[(at + 1)..]],
        };
    }

    /// <summary>A token of the JSON, a number, a word or a text, becomes another one.</summary>
    private byte[] Replaced(byte[] body, int at)
    {
        var (start, end) = (at, at);
        while (start > 0 && IsOfToken(body[start - 1])) start--;
        while (end < body.Length && IsOfToken(body[end])) end++;
        return [.. body[..start], .. Encoding.UTF8.GetBytes(Pick(Tokens)), .. body[end..]];

        static bool IsOfToken(byte character) => character is (byte)'"' or (byte)'.' or (byte)'-' or (byte)'_' || char.IsAsciiLetterOrDigit((char)character);
    }

    private byte[] Nested()
    {
        var depth = random.Next(1, 3000);
        return Encoding.ASCII.GetBytes($$"""{"series": {{new string('[', depth)}}1{{new string(']', depth)}}}""");
    }

    private string Changed(string path) => random.Next(6) switch
    {
        0 => path + "/" + random.Next(10),
        1 => path[..random.Next(1, path.Length)],
        2 => path.Insert(random.Next(1, path.Length), "%00"),
        3 => path.Replace("/infer", "/versions/" + random.Next(3) + "/infer", StringComparison.Ordinal),
        4 => path.Insert(random.Next(1, path.Length), Uri.EscapeDataString("ÿ\n../")),
        _ => "/v2" + path,
    };

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
