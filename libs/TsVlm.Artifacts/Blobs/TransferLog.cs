using Microsoft.Extensions.Logging;

namespace TsVlm.Artifacts.Blobs;

/// <summary>
/// Tells in the log of a service how uploads and downloads go: the beginning and end of large ones, how far one is that takes long, and
/// every request that is tried again. Small and quick ones are left to traces and metrics.
/// </summary>
/// <param name="log">Where to; the run, stage and attempt are in its scope.</param>
/// <param name="clock">Measures.</param>
public sealed class TransferLog(ILogger<TransferLog> log, TimeProvider clock)
{
    /// <summary>From this size on the beginning and the end are told.</summary>
    public const long LargeBytes = 50_000_000;

    /// <summary>Time between two lines of one transfer, and between two of requests tried again.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock telling = new();
    private long? lastRetry;

    /// <summary>A transfer begins; disposing of the entry ends it.</summary>
    public Entry Begin(ArtifactTransfer transfer) => new(log, clock, transfer);

    /// <summary>A request is tried again.</summary>
    /// <param name="retry">Number of the retry, from 1.</param>
    /// <param name="max">Most retries of a request.</param>
    /// <param name="request">Its method and address, without what may be secret.</param>
    public void Retry(int retry, int max, string request)
    {
        lock (telling)
        {
            // Sixteen blocks may be under way: when the store is away, all of them say so.
            if (lastRetry is { } before && clock.GetElapsedTime(before) < Interval) return;
            lastRetry = clock.GetTimestamp();
        }
        log.LogWarning("The artifact store is asked again, retry {Retry} of {MaxRetries}: {Request}", retry, max, request);
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:#,0.#} MB");

    /// <summary>One transfer.</summary>
    public sealed class Entry : IDisposable
    {
        private readonly ILogger log;
        private readonly TimeProvider clock;
        private readonly long started;
        private long last;
        private ArtifactTransfer now;
        private bool isTold;
        private bool isDone;

        internal Entry(ILogger log, TimeProvider clock, ArtifactTransfer transfer)
        {
            this.log = log;
            this.clock = clock;
            now = transfer;
            started = last = clock.GetTimestamp();
            if (transfer.Bytes < LargeBytes) return;
            isTold = true;
            log.LogInformation("{Direction} of {Artifact} begins: {Size}", Direction, transfer.Name, Megabytes(transfer.Bytes));
        }

        private string Direction => now.IsUpload ? "Upload" : "Download";

        private TimeSpan Elapsed => clock.GetElapsedTime(started);

        /// <summary>It has come so far. Never called twice at once.</summary>
        public void Report(ArtifactTransfer transfer)
        {
            now = transfer;
            if (clock.GetElapsedTime(last) < Interval || transfer.BytesDone >= transfer.Bytes) return;
            isTold = true;
            last = clock.GetTimestamp();
            log.LogInformation("{Direction} of {Artifact}: {Done} of {Size}, {Rate} a second",
                Direction, now.Name, Megabytes(now.BytesDone), Megabytes(now.Bytes), Megabytes(Rate()));
        }

        /// <summary>Everything is there.</summary>
        public void Done()
        {
            isDone = true;
            if (!isTold && Elapsed < Interval) return;
            now = now with { BytesDone = now.Bytes };
            log.LogInformation("{Direction} of {Artifact} done: {Size} in {Seconds} s, {Rate} a second",
                Direction, now.Name, Megabytes(now.Bytes), Math.Round(Elapsed.TotalSeconds, 1), Megabytes(Rate()));
        }

        /// <summary>Ends it; without <see cref="Done"/> it was cut off.</summary>
        public void Dispose()
        {
            if (isDone || (!isTold && Elapsed < Interval)) return;
            log.LogWarning("{Direction} of {Artifact} was cut off after {Seconds} s: {Done} of {Size}",
                Direction, now.Name, Math.Round(Elapsed.TotalSeconds, 1), Megabytes(now.BytesDone), Megabytes(now.Bytes));
        }

        private long Rate() => (long)(now.BytesDone / Math.Max(Elapsed.TotalSeconds, 1e-3));
    }
}
