using System.Collections.Concurrent;

namespace TsVlm.Artifacts;

/// <summary>
/// A piece of work that reads artifacts, such as the handling of one command: whatever is fetched while it lasts stays in the local cache
/// until it ends.
/// What is fetched outside of any stays until the store is disposed.
/// </summary>
public sealed class ArtifactUse : IDisposable
{
    private static readonly AsyncLocal<ArtifactUse?> Innermost = new();
    private readonly ConcurrentDictionary<string, FileStream> held = new();
    private readonly ArtifactUse? outer;

    private ArtifactUse(ArtifactUse? outer) => this.outer = outer;

    /// <summary>The work that the caller is part of; null where it is part of none.</summary>
    internal static ArtifactUse? Current => Innermost.Value;

    /// <summary>Begins a piece of work; what it calls, and what those calls start, is part of it.</summary>
    public static ArtifactUse Begin() => Innermost.Value = new(Innermost.Value);

    /// <summary>A piece of work that lasts as long as its owner.</summary>
    internal static ArtifactUse OfOwner() => new(outer: null);

    /// <summary>Keeps a shared lock until this work ends.</summary>
    internal void Hold(string path, FileStream shared)
    {
        if (!held.TryAdd(path, shared)) shared.Dispose();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Innermost.Value == this) Innermost.Value = outer;
        foreach (var path in held.Keys)
        {
            if (held.TryRemove(path, out var shared)) shared.Dispose();
        }
    }
}
