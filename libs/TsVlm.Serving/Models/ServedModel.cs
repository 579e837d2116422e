using Microsoft.AspNetCore.Http;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.Serving.Batching;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Requests;
using TsVlm.Telemetry;

namespace TsVlm.Serving.Models;

/// <summary>What a model is doing; as Triton's repository index names it.</summary>
internal enum ModelState
{
    /// <summary>It is loaded and answers.</summary>
    Ready,

    /// <summary>It is being loaded.</summary>
    Loading,

    /// <summary>It is being unloaded.</summary>
    Unloading,

    /// <summary>It is not loaded.</summary>
    Unavailable,
}

/// <summary>A version of a model, loaded or not.</summary>
/// <param name="source">Where it is.</param>
/// <param name="open">Opens it.</param>
/// <param name="slots">Passes that may be computed at a time.</param>
/// <param name="settings">Bounds.</param>
/// <param name="clock">Measures phases.</param>
internal sealed class ServedModel(
    ModelSource source, Func<string, CancellationToken, Task<SeriesClassifier>> open, ComputeSlots slots, ServingSettings settings, TimeProvider clock)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim change = new(1);
    private LoadedModel? loaded;

    /// <summary>Where it is.</summary>
    public ModelSource Source => source;

    /// <summary>What it is doing.</summary>
    public ModelState State { get; private set; } = ModelState.Unavailable;

    /// <summary>Why it is not loaded; empty where it is.</summary>
    public string Reason { get; private set; } = "not loaded yet";

    /// <summary>Whether it is to be loaded: from the start, and until it is unloaded.</summary>
    public bool IsWanted { get; private set; } = true;

    /// <summary>The model itself.</summary>
    /// <exception cref="RequestException">It is not loaded.</exception>
    public SeriesClassifier Classifier => Loaded.Classifier;

    /// <summary>Series that wait or are computed.</summary>
    public int QueueLength => loaded?.Queue.Length ?? 0;

    private LoadedModel Loaded => loaded ?? throw new RequestException(
        $"Model {source.Name}, version {source.Version}: expected one that is loaded, found {State.ToString().ToLowerInvariant()} ({Reason}).",
        IsWanted ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status404NotFound)
        { RetryAfter = IsWanted ? TimeSpan.FromSeconds(1) : null };

    /// <summary>Loads it and warms it up, where it is not loaded.</summary>
    public async Task Load(CancellationToken cancellationToken)
    {
        await change.WaitAsync(cancellationToken);
        try
        {
            IsWanted = true;
            if (loaded is not null) return;
            (State, Reason) = (ModelState.Loading, "it is being loaded");
            var classifier = await open(source.Folder, cancellationToken);
            try
            {
                var size = await Task.Run(() => PassSize.Find(classifier, settings.MaxBatch), cancellationToken);
                loaded = new(classifier, new BatchQueue(source.Name, classifier.Classify, size, slots, settings, clock));
            }
            catch
            {
                classifier.Dispose();
                throw;
            }
            (State, Reason) = (ModelState.Ready, "");
        }
        catch (Exception error)
        {
            (State, Reason) = (ModelState.Unavailable, error is IUserFacingError ? error.Message : "it could not be loaded");
            throw;
        }
        finally
        {
            change.Release();
        }
    }

    /// <summary>Answers what was admitted, and gives the model's memory back.</summary>
    public async Task Unload()
    {
        await change.WaitAsync();
        try
        {
            IsWanted = false;
            if (loaded is not { } model) return;
            (State, Reason) = (ModelState.Unloading, "it is being unloaded");
            await model.Queue.DisposeAsync();
            loaded = null;
            model.Classifier.Dispose();
            (State, Reason) = (ModelState.Unavailable, "unloaded");
        }
        finally
        {
            change.Release();
        }
    }

    /// <summary>The answers to the series of a request, in their order.</summary>
    /// <param name="series">The series.</param>
    /// <param name="placeOf">Where a series is in the request, for messages.</param>
    /// <param name="caller">Ends when the caller has left.</param>
    /// <exception cref="RequestException">The model is not loaded, there is no room, or a series cannot be shown to it.</exception>
    public async Task<IReadOnlyList<SeriesAnswer>> Classify(IReadOnlyList<TimeSeries> series, Func<int, string> placeOf, CancellationToken caller)
    {
        var (classifier, queue) = Loaded;
        using var places = queue.Admit(series.Count);
        var started = clock.GetTimestamp();
        var inputs = new List<Representations.Samples.SampleInput>(series.Count);
        using (ServingTraces.Start(TelemetryNames.Samples, source.Name, series.Count))
        {
            for (var i = 0; i < series.Count; i++)
            {
                caller.ThrowIfCancellationRequested();
                try
                {
                    inputs.Add(classifier.Build(series[i]));
                }
                catch (RepresentationException error)
                {
                    throw new RequestException($"{placeOf(i)}: {error.Message}");
                }
            }
        }
        ServingMetrics.Ended(source.Name, ServingMetrics.Samples, clock.GetElapsedTime(started));
        using var span = ServingTraces.Start(TelemetryNames.Classification, source.Name, series.Count);
        return await Task.WhenAll(inputs.Select(input => queue.Ask(input, caller)));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Unload();
        change.Dispose();
    }

    private sealed record LoadedModel(SeriesClassifier Classifier, BatchQueue Queue);
}
