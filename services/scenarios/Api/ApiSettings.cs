using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios.Api;

/// <summary>What bounds requests.</summary>
public sealed record ApiSettings
{
    /// <summary>Largest body of a request other than a data set, in bytes.</summary>
    public long MaxRequestBytes { get; init; } = 1_000_000;

    /// <summary>Largest data set, in bytes.</summary>
    public long MaxDatasetBytes { get; init; } = 2_000_000_000;

    /// <summary>Most runs of one experiment.</summary>
    public int MaxRuns { get; init; } = 10_000;

    /// <summary>Requests per second with one key; twice as many may come at once.</summary>
    public int RequestsPerSecond { get; init; } = 100;

    /// <summary>Streams of events that one key may hold at a time.</summary>
    public int MaxEventReaders { get; init; } = 100;

    /// <summary>The settings of a service of its own.</summary>
    /// <exception cref="SettingException">One is out of bounds.</exception>
    public static ApiSettings Read(Settings settings) => new()
    {
        MaxRequestBytes = 1000L * settings.Number("Api__MaxRequestKB", 1000, 1, 100_000),
        MaxDatasetBytes = 1_000_000L * settings.Number("Api__MaxDatasetMB", 2000, 1, 1_000_000),
        MaxRuns = settings.Number("Api__MaxRuns", 10_000, 1, 1_000_000),
        RequestsPerSecond = settings.Number("Api__RequestsPerSecond", 100, 1, 1_000_000),
        MaxEventReaders = settings.Number("Api__MaxEventReaders", 100, 1, 100_000),
    };
}
