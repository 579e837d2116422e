namespace TsVlm.Serving;

/// <summary>Bounds of a serving process. All are inclusive.</summary>
public sealed record ServingSettings
{
    /// <summary>Series that are computed at the same time, each pass on one thread.</summary>
    public int AtOnce { get; init; } = Environment.ProcessorCount;

    /// <summary>Most series of a pass through a model; fewer where more would change the bits of answers.</summary>
    public int MaxBatch { get; init; } = 16;

    /// <summary>How long the first series of a pass waits for others; 0 takes those that wait already.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.Zero;

    /// <summary>Series of one model that are admitted at a time, waiting and computed; further requests are refused.</summary>
    public int MaxQueue { get; init; } = 1024;

    /// <summary>Most series of a request.</summary>
    public int MaxSeries { get; init; } = 256;

    /// <summary>Most channels of a series.</summary>
    public int MaxChannels { get; init; } = 1024;

    /// <summary>Most time steps of a series.</summary>
    public int MaxSteps { get; init; } = 100_000;

    /// <summary>Most bytes of a request's body.</summary>
    public int MaxBodyBytes { get; init; } = 32 << 20;

    /// <summary>Streams that are open at a time, over all models; a start beyond it is refused. Also the most WebSockets.</summary>
    public int MaxStreams { get; init; } = 4096;

    /// <summary>Bytes that all open streams together keep for later windows: window x channels x 8 for each.</summary>
    public long MaxStreamBytes { get; init; } = 256L << 20;

    /// <summary>Most bytes of a message of a WebSocket.</summary>
    public int MaxMessageBytes { get; init; } = 1 << 20;

    /// <summary>A stream that gets no piece for longer is dropped.</summary>
    public TimeSpan StreamIdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long requests under way are waited for when the process stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
