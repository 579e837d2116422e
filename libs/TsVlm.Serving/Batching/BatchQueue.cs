using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using TsVlm.Representations.Samples;
using TsVlm.Serving.Classification;
using TsVlm.Serving.Requests;
using TsVlm.Telemetry;

namespace TsVlm.Serving.Batching;

/// <summary>
/// The series of one model on their way: admitted up to a bound, collected to passes, computed, answered. A series whose caller has left
/// before its pass begins is not computed.
/// </summary>
internal sealed class BatchQueue : IAsyncDisposable
{
    private readonly string model;
    private readonly Func<IReadOnlyList<SampleInput>, IReadOnlyList<SeriesAnswer>> classify;
    private readonly ComputeSlots slots;
    private readonly ServingSettings settings;
    private readonly TimeProvider clock;
    private readonly int passSize;
    private readonly Channel<PendingSeries> waiting = Channel.CreateUnbounded<PendingSeries>();   // bounded by the admission
    private readonly TaskCompletionSource empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock admission = new();
    private readonly Task[] workers;
    private int admitted;
    private bool isClosed;
    private double secondsPerSeries;   // of the latest passes; 0 before the first

    /// <summary>Begins to work.</summary>
    /// <param name="model">The model's name, for messages and metrics.</param>
    /// <param name="classify">Computes a pass.</param>
    /// <param name="passSize">Most series of a pass.</param>
    /// <param name="slots">Passes that may be computed at a time.</param>
    /// <param name="settings">Bounds.</param>
    /// <param name="clock">Measures waiting.</param>
    public BatchQueue(string model, Func<IReadOnlyList<SampleInput>, IReadOnlyList<SeriesAnswer>> classify, int passSize, ComputeSlots slots,
        ServingSettings settings, TimeProvider clock)
    {
        this.model = model;
        this.classify = classify;
        this.passSize = passSize;
        this.slots = slots;
        this.settings = settings;
        this.clock = clock;
        workers = [.. Enumerable.Range(0, slots.Count).Select(_ => Work())];
    }

    /// <summary>Series that are admitted: they wait or are computed.</summary>
    public int Length => Volatile.Read(ref admitted);

    /// <summary>Admits the series of a request, until the result is disposed.</summary>
    /// <exception cref="RequestException">There is no room for them (429), or the model is being unloaded (503).</exception>
    public Admission Admit(int count)
    {
        lock (admission)
        {
            if (isClosed)
                throw new RequestException($"Model {model}: it is being unloaded.", StatusCodes.Status503ServiceUnavailable);
            if (admitted + count > settings.MaxQueue)
            {
                ServingMetrics.Refused(model);
                throw new RequestException(
                    $"Model {model}: expected room for {count} series, found {admitted} of {settings.MaxQueue} places taken. Ask again later.",
                    StatusCodes.Status429TooManyRequests) { RetryAfter = TimeToEmpty() };
            }
            admitted += count;
        }
        ServingMetrics.Admitted(model, count);
        return new(this, count);
    }

    /// <summary>The answer to an admitted series.</summary>
    public async Task<SeriesAnswer> Ask(SampleInput input, CancellationToken caller)
    {
        var series = new PendingSeries(input, clock.GetTimestamp(), caller);
        waiting.Writer.TryWrite(series);
        return await series.Answer.WaitAsync(caller);
    }

    /// <summary>Admits nothing more, and waits until what was admitted is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (admission)
        {
            isClosed = true;
            if (admitted == 0) empty.TrySetResult();
        }
        await empty.Task;
        waiting.Writer.TryComplete();
        await Task.WhenAll(workers);
    }

    private void Leave(int count)
    {
        lock (admission)
        {
            admitted -= count;
            if (isClosed && admitted == 0) empty.TrySetResult();
        }
        ServingMetrics.Admitted(model, -count);
    }

    private TimeSpan TimeToEmpty() => TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(admitted * secondsPerSeries / slots.Count), 1, 60));

    private async Task Work()
    {
        while (await waiting.Reader.WaitToReadAsync())
        {
            await WaitForMore();
            await slots.Run(ComputePass);
        }
    }

    private async Task WaitForMore()
    {
        if (passSize == 1 || waiting.Reader.Count >= passSize || !waiting.Reader.TryPeek(out var first)) return;
        var left = settings.MaxWait - clock.GetElapsedTime(first.Added);
        if (left > TimeSpan.Zero) await Task.Delay(left, clock);
    }

    private void ComputePass()
    {
        var pass = new List<PendingSeries>(passSize);
        while (pass.Count < passSize && waiting.Reader.TryRead(out var series))
            if (!series.Leaves()) pass.Add(series);
        if (pass.Count == 0) return;
        foreach (var series in pass) ServingMetrics.Ended(model, ServingMetrics.Queue, clock.GetElapsedTime(series.Added));
        ServingMetrics.Pass(model, pass.Count);
        using var span = ServingTraces.StartPass(model, pass.Count, pass.Select(series => series.Request));
        var started = clock.GetTimestamp();
        try
        {
            foreach (var (series, answer) in pass.Zip(classify([.. pass.Select(series => series.Input)]))) series.Give(answer);
        }
        catch (Exception error)
        {
            // Whatever it is belongs to the requests of this pass; the next one is computed all the same.
            span?.Fail(error, error.Message);
            foreach (var series in pass) series.Fail(error);
        }
        var took = clock.GetElapsedTime(started);
        ServingMetrics.Ended(model, ServingMetrics.Compute, took);
        secondsPerSeries = secondsPerSeries == 0 ? took.TotalSeconds / pass.Count : (0.9 * secondsPerSeries) + (0.1 * took.TotalSeconds / pass.Count);
    }

    /// <summary>Places of a request's series.</summary>
    internal sealed class Admission(BatchQueue queue, int count) : IDisposable
    {
        private int isLeft;

        /// <inheritdoc />
        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0) queue.Leave(count);
        }
    }
}
