namespace TsVlm.Representations.Samples;

/// <summary>Names of the splits' shards.</summary>
public static class SplitNames
{
    /// <summary>Samples to learn from.</summary>
    public const string Train = "train";

    /// <summary>Samples that choose the best checkpoint.</summary>
    public const string Validation = "validation";

    /// <summary>Samples the metrics are computed on.</summary>
    public const string Test = "test";
}
