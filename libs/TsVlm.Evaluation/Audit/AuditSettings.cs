namespace TsVlm.Evaluation.Audit;

/// <summary>How an audit looks. Severities follow from limits that stand at each check, fixed beforehand.</summary>
public sealed record AuditSettings
{
    /// <summary>P below which a difference is not taken for chance; Holm's correction within each check.</summary>
    public const double Level = 0.01;

    /// <summary>Share of the test cases from which on a leak is a problem: it can move the accuracy by more than that.</summary>
    public const double ProblemShare = 0.01;

    /// <summary>Seed of all draws.</summary>
    public int Seed { get; init; }

    /// <summary>Most test samples that are built for each scenario.</summary>
    public int MaxSamples { get; init; } = 200;

    /// <summary>Exchanges of labels in a permutation test.</summary>
    public int NumPermutations { get; init; } = 999;
}
