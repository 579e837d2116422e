namespace TsVlm.Artifacts.Blobs;

/// <summary>Adds up what the files of one transfer report. A retried block reports less than before; that is not passed on.</summary>
internal sealed class TransferMeter(ArtifactTransfer start, Action<ArtifactTransfer>? report)
{
    private readonly Lock adding = new();
    private long done;

    /// <summary>Where one file reports its own bytes done so far.</summary>
    public IProgress<long> File() => new FileProgress(this);

    private void Add(FileProgress file, long bytes)
    {
        if (report is null) return;
        lock (adding)
        {
            if (bytes <= file.Highest) return;
            done += bytes - file.Highest;
            file.Highest = bytes;
            report(start with { BytesDone = done });
        }
    }

    private sealed class FileProgress(TransferMeter meter) : IProgress<long>
    {
        public long Highest { get; set; }

        public void Report(long value) => meter.Add(this, value);
    }
}
