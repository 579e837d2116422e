namespace TsVlm.Evaluation.Comparison;

/// <summary>Where a classifier's results come from.</summary>
public enum ClassifierKind
{
    /// <summary>A fine-tuned scenario, measured here.</summary>
    Scenario,

    /// <summary>A baseline, measured here.</summary>
    Baseline,

    /// <summary>Results that others published; nothing was run here.</summary>
    Published,
}

/// <summary>One column of a comparison.</summary>
/// <param name="Name">What the results call it; of published results, with <see cref="PublishedMark"/> at the end.</param>
/// <param name="Kind">Where its results come from.</param>
public sealed record ComparedClassifier(string Name, ClassifierKind Kind)
{
    /// <summary>What the name of a published method ends with wherever it is written, so that none passes for a measured one.</summary>
    public const string PublishedMark = " (published)";

    /// <summary>A published method under its marked name.</summary>
    public static ComparedClassifier Published(string method) => new(method + PublishedMark, ClassifierKind.Published);

    /// <summary>Whether a user's name means this one: the mark may be left out.</summary>
    public bool IsCalled(string name) => Name == name || (Kind is ClassifierKind.Published && Name == name + PublishedMark);
}
