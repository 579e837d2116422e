using System.Text.Json.Serialization;

namespace TsVlm.Contracts;

/// <summary>Name of one finished piece of work: what it is, and the hash of all that determines it.</summary>
/// <param name="Kind">Dataset, samples, checkpoint, evaluation or report.</param>
/// <param name="Hash">SHA-256 over everything that determines the content, the stage's code version included.</param>
public sealed record ArtifactKey(ArtifactKind Kind, string Hash)
{
    /// <summary>Path of the artifact below the root of a store.</summary>
    [JsonIgnore]
    public string Path => $"{Kind.ToString().ToLowerInvariant()}/{Hash[..2]}/{Hash}";

    /// <summary>The key of such a path; null where it is none.</summary>
    public static ArtifactKey? ParsePath(string path)
    {
        var parts = path.Split('/');
        if (parts.Length != 3 || parts[2].Length < 2 || parts[1] != parts[2][..2]) return null;
        foreach (var kind in Enum.GetValues<ArtifactKind>())
        {
            var key = new ArtifactKey(kind, parts[2]);
            if (key.Path == path) return key;
        }
        return null;
    }

    /// <inheritdoc />
    public override string ToString() => Path;
}

/// <summary>What an artifact holds.</summary>
public enum ArtifactKind
{
    /// <summary>A data set in canonical form.</summary>
    Dataset,
    /// <summary>Samples of the three splits, in shards.</summary>
    Samples,
    /// <summary>Trained weights with everything needed to use them.</summary>
    Checkpoint,
    /// <summary>Predictions and metrics of one run.</summary>
    Evaluation,
    /// <summary>Results and report of an experiment.</summary>
    Report,
    /// <summary>A file of rationales in canonical form.</summary>
    Rationales,
}
