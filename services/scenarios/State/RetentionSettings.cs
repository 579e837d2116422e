using TsVlm.Artifacts;
using TsVlm.Contracts;

namespace TsVlm.Scenarios.State;

/// <summary>What is kept.</summary>
public sealed record RetentionSettings
{
    /// <summary>An experiment to forget; null for none.</summary>
    public string? Forget { get; init; }

    /// <summary>Experiments asked for longer ago than this are forgotten; null keeps all.</summary>
    public TimeSpan? KeepFor { get; init; }

    /// <summary>What was written more recently stays whatever refers to it: it may be at work, or asked for in this moment.</summary>
    public TimeSpan MinAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>No other process works on these experiments, so none is under way whatever its runs say.</summary>
    public bool NothingIsUnderWay { get; init; }

    /// <summary>Only tells.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What retention found and did, or would do.</summary>
/// <param name="Experiments">All experiments, oldest first.</param>
/// <param name="Removed">What nobody needs.</param>
/// <param name="BytesKept">Size of the rest.</param>
public sealed record RetentionResult(IReadOnlyList<RetainedExperiment> Experiments, IReadOnlyList<StoredPart> Removed, long BytesKept);

/// <summary>An experiment as retention sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedUtc">When it was first asked for.</param>
/// <param name="NumRuns">Its runs.</param>
/// <param name="IsForgotten">Whether it goes.</param>
public sealed record RetainedExperiment(string Id, DateTime CreatedUtc, int NumRuns, bool IsForgotten);

/// <summary>Why nothing could be removed.</summary>
public sealed class RetentionException(string message) : Exception(message), IUserFacingError;
