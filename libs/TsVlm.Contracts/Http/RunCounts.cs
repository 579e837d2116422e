using System.Text.Json.Serialization;

namespace TsVlm.Contracts.Http;

/// <summary>Runs of an experiment by how they ended.</summary>
/// <param name="Total">All.</param>
/// <param name="Succeeded">Every stage is done.</param>
/// <param name="Failed">A stage failed.</param>
/// <param name="Cancelled">Not to be done any more.</param>
public sealed record RunCounts(int Total, int Succeeded, int Failed, int Cancelled)
{
    /// <summary>No runs.</summary>
    public static RunCounts None { get; } = new(0, 0, 0, 0);

    /// <summary>Whether no run is open.</summary>
    [JsonIgnore]
    public bool AllEnded => Succeeded + Failed + Cancelled == Total;
}
