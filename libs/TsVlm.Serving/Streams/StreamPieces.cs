using Microsoft.AspNetCore.Http;
using TsVlm.Serving.Models;
using TsVlm.Serving.Requests;
using TsVlm.Serving.Windows;

namespace TsVlm.Serving.Streams;

/// <summary>What a client is answered to a piece.</summary>
/// <param name="Id">The stream.</param>
/// <param name="Model">The version of the model that answers to it.</param>
/// <param name="Classes">The model's classes, in the order of probabilities.</param>
/// <param name="Samples">What was taken of the stream so far.</param>
/// <param name="HasAlarms">Whether the stream has alarms.</param>
/// <param name="HasEnded">Whether it has ended.</param>
/// <param name="Windows">The windows that the piece completed.</param>
internal sealed record PieceAnswer(string Id, ModelSource Model, IReadOnlyList<string> Classes, StreamSamples Samples, bool HasAlarms, bool HasEnded,
    IReadOnlyList<WindowAnswer> Windows);

/// <summary>
/// Takes pieces of streams and answers to the windows that they complete. A piece is taken when its windows are answered; one that is
/// refused for whatever reason leaves its stream as it was, and may be sent again.
/// </summary>
/// <param name="streams">The open streams.</param>
/// <param name="models">The models.</param>
/// <param name="settings">Bounds.</param>
internal sealed class StreamPieces(OpenStreams streams, ModelRepository models, ServingSettings settings)
{
    /// <summary>Takes a piece.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="version">Its version; null for the stream's own, or the highest at its start.</param>
    /// <param name="request">The piece.</param>
    /// <param name="isPipelined">Whether the client may have sent later pieces already.</param>
    /// <param name="caller">Ends when the caller has left.</param>
    /// <exception cref="RequestException">It is not taken.</exception>
    public async Task<PieceAnswer> Take(string name, string? version, PieceRequest request, bool isPipelined, CancellationToken caller)
    {
        var stream = request.Start is null ? streams.Enter(name, version, request.Id) : Open(name, version, request.Id, request.Start);
        var isTaken = false;
        try
        {
            CheckPlace(stream, request, isPipelined);
            var answer = await Answer(stream, request, caller);
            isTaken = true;
            if (isPipelined || request.At is not null) stream.IsInterrupted = false;
            return answer;
        }
        catch (StreamException error)
        {
            throw new RequestException(error.Message);
        }
        finally
        {
            streams.Leave(stream, hasEnded: isTaken ? request.IsEnd : request.Start is not null);
        }
    }

    /// <summary>A piece of that stream was refused while the client may have sent later ones: the next must say where it belongs.</summary>
    public void Interrupt(string name, string id) => streams.Interrupt(name, id);

    private OpenStream Open(string name, string? version, string id, WindowSettings start)
    {
        var model = models.Find(name, version);
        if ((long)start.Window * model.Classifier.NumChannels > MaxNumbers)
            throw new RequestException($"start.window: expected at most {MaxNumbers} numbers in a window, found {start.Window} steps of "
                + $"{model.Classifier.NumChannels} channels.");
        try
        {
            start.CheckClasses(model.Classifier.Classes);
        }
        catch (StreamException error)
        {
            throw new RequestException($"start.{error.Message}");
        }
        return streams.Open(model, id, start);
    }

    private long MaxNumbers => settings.MaxBodyBytes / sizeof(double);

    private static void CheckPlace(OpenStream stream, PieceRequest request, bool isPipelined)
    {
        var taken = stream.Samples.NumSamples;
        if (request.At is { } at && at != taken)
            throw new RequestException($"at: expected the piece behind the {taken} samples that were taken, found {at}.", StatusCodes.Status409Conflict);
        if (isPipelined && stream.IsInterrupted && request.At is null)
            throw new RequestException($"Stream {stream.Id}: a piece before this one was refused. Send on from there, with \"at\": {taken}.",
                StatusCodes.Status409Conflict);
    }

    private async Task<PieceAnswer> Answer(OpenStream stream, PieceRequest request, CancellationToken caller)
    {
        var classes = stream.Model.Classifier.Classes;
        IReadOnlyList<WindowAnswer> told = [];
        if (request.Piece is { } piece)
        {
            var (windows, next) = stream.Samples.Add(piece, new(settings.MaxSteps, settings.MaxSeries, MaxNumbers));
            StreamWindow[] asked = [.. windows.Where(window => window.HasValues)];
            var answers = asked.Length == 0 ? []
                : await stream.Model.Classify([.. asked.Select(window => window.Series)], i => $"window {asked[i].Number}", caller);
            (told, stream.Alarms) = WindowAnswer.Of(windows, answers, stream.Settings.MinConfidence, stream.Alarms);
            stream.Samples = next;
        }
        return new(stream.Id, stream.Model.Source, classes, stream.Samples, stream.Settings.Alarms is not null, request.IsEnd, told);
    }
}
