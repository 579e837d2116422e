namespace TsVlm.Evaluation.Comparison;

/// <summary>What of the results is compared.</summary>
public sealed record ComparisonChoice
{
    /// <summary>
    /// Names of classifiers and published methods; empty for all measured ones, and the published ones that cover every data set.
    /// </summary>
    public IReadOnlyList<string> Classifiers { get; init; } = [];

    /// <summary>The protocol, where the results have several.</summary>
    public string? Protocol { get; init; }

    /// <summary>The classifier that differences are to; null for the best-ranked baseline, or published method, or classifier.</summary>
    public string? Reference { get; init; }

    /// <summary>What the series of data sets are a record of, by name.</summary>
    public IReadOnlyDictionary<string, SignalKind> Kinds { get; init; } = SignalKinds.Known;
}
