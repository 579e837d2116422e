using System.Text.Json;
using TsVlm.Serving.Requests;
using TsVlm.Serving.Windows;

namespace TsVlm.Serving.Streams;

/// <summary>A piece of a stream as a client sends it.</summary>
/// <param name="Id">The stream, as the client calls it.</param>
/// <param name="Start">How the stream that begins with this piece is cut; null where it goes on.</param>
/// <param name="IsEnd">Whether the stream ends behind this piece.</param>
/// <param name="At">Samples that the client has sent before this piece; null where it does not say.</param>
/// <param name="Piece">The samples; null where there are none.</param>
internal sealed record PieceRequest(string Id, WindowSettings? Start, bool IsEnd, long? At, StreamPiece? Piece)
{
    /// <summary>Longest id.</summary>
    public const int MaxIdLength = 128;

    private static readonly string[] Members = ["id", "start", "end", "at", "series", "times"];
    private static readonly string[] StartMembers = ["window", "hop", "interval", "maxGap", "minConfidence", "alarms"];
    private static readonly string[] AlarmMembers = ["after", "clearAfter", "classes"];

    /// <summary>The stream's id alone, which tells to whom the errors in the rest belong.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public static string IdOf(JsonElement body)
    {
        var id = body.Member("id", "body").Text("id");
        return id.Length is > 0 and <= MaxIdLength && !id.Any(char.IsControl) ? id
            : throw new RequestException($"id: expected from 1 to {MaxIdLength} characters that can be seen, found {id.Length} or others.");
    }

    /// <summary>Reads it.</summary>
    /// <param name="body">The body of a request, or a message.</param>
    /// <param name="bounds">The bounds of series.</param>
    /// <param name="maxSteps">Most time steps of a window.</param>
    /// <exception cref="RequestException">It is not of that form.</exception>
    public static PieceRequest Read(JsonElement body, SeriesBounds bounds, int maxSteps)
    {
        var id = IdOf(body);
        body.OnlyMembers(Members, "body");
        var start = body.Optional("start", "body") is { } settings ? Settings(settings, maxSteps) : null;
        var isEnd = body.Optional("end", "body")?.Truth("end") ?? false;
        var times = body.Optional("times", "body") is { } stamps ? Times(stamps, bounds) : null;
        var piece = body.Optional("series", "body") is { } series ? new StreamPiece(new JsonChannels(bounds).Read(series, "series"), times) : null;
        if (piece is null && times is not null) throw new RequestException("times: expected samples in series beside them, found none.");
        if (piece is null && start is null && !isEnd)
            throw new RequestException("body: expected samples in series, or a start or an end, found none of them.");
        return new(id, start, isEnd, body.Optional("at", "body")?.Count("at"), piece);
    }

    private static WindowSettings Settings(JsonElement start, int maxSteps)
    {
        start.OnlyMembers(StartMembers, "start");
        var window = Number("window", start.Member("window", "start"));
        var interval = start.Optional("interval", "start")?.Number("start.interval");
        var maxGap = start.Optional("maxGap", "start")?.Number("start.maxGap");
        if (interval is null != maxGap is null)
            throw new RequestException("start: expected interval and maxGap together, for samples with time stamps, or none of them, found one.");
        var settings = new WindowSettings
        {
            Window = window,
            Hop = start.Optional("hop", "start") is { } hop ? Number("hop", hop) : window,
            Interval = interval,
            MaxGap = maxGap ?? double.PositiveInfinity,
            MinConfidence = start.Optional("minConfidence", "start")?.Share("start.minConfidence") ?? 0,
            Alarms = start.Optional("alarms", "start") is { } alarms ? Alarms(alarms) : null,
        };
        try
        {
            return settings.Checked(maxSteps);
        }
        catch (StreamException error)
        {
            throw new RequestException($"start.{error.Message}");
        }
    }

    private static AlarmSettings Alarms(JsonElement alarms)
    {
        alarms.OnlyMembers(AlarmMembers, "start.alarms");
        var classes = alarms.Optional("classes", "start.alarms")?.Array("start.alarms.classes").EnumerateArray().Index()
            .Select(one => one.Item.Text($"start.alarms.classes[{one.Index}]")).ToList();
        return new(Number("alarms.after", alarms.Member("after", "start.alarms")),
            Number("alarms.clearAfter", alarms.Member("clearAfter", "start.alarms")), classes);
    }

    private static int Number(string name, JsonElement element) => (int)Math.Min(element.Count($"start.{name}"), int.MaxValue);

    private static double[] Times(JsonElement times, SeriesBounds bounds)
    {
        bounds.CheckSteps(times.Array("times").GetArrayLength(), "times");
        return [.. times.EnumerateArray().Index().Select(time => time.Item.Number($"times[{time.Index}]"))];
    }
}
