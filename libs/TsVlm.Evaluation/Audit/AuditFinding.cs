namespace TsVlm.Evaluation.Audit;

/// <summary>How much a finding matters, in rising order.</summary>
public enum AuditSeverity
{
    /// <summary>Looked for and not found.</summary>
    Ok,
    /// <summary>Good to know; metrics stay what they claim to be.</summary>
    Note,
    /// <summary>Metrics may say something else than they seem to; look before paying for a training.</summary>
    Warning,
    /// <summary>Metrics would be wrong, or nothing can be computed.</summary>
    Problem,
}

/// <summary>What an audit looks at, in the order of the report.</summary>
public enum AuditCheck
{
    /// <summary>Whether the data can be read, split and made into samples.</summary>
    Usable,
    /// <summary>Series that occur more than once, value for value or nearly.</summary>
    Duplicates,
    /// <summary>The same series under different labels.</summary>
    Conflicts,
    /// <summary>Series cut from the same recording.</summary>
    Overlaps,
    /// <summary>Whether training, validation and test cases are disjoint and stratified as documented.</summary>
    Split,
    /// <summary>Whether anything of a scenario is fitted or chosen on test cases.</summary>
    Selection,
    /// <summary>Whether a scenario makes one sample of different series, learnt from and tested.</summary>
    Sampling,
    /// <summary>Whether prompt or image of a test sample tells the label.</summary>
    LabelInSample,
    /// <summary>Whether something beside the values predicts the label.</summary>
    Shortcuts,
    /// <summary>Shares of the classes in training and test.</summary>
    ClassPrior,
    /// <summary>Whether the test series look as the training series do.</summary>
    InputShift,
}

/// <summary>One metric behind a finding.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value.</param>
public sealed record AuditMetric(string Name, double Value);

/// <summary>What one check found.</summary>
public sealed record AuditFinding
{
    /// <summary>What was looked at.</summary>
    public required AuditCheck Check { get; init; }

    /// <summary>How much it matters.</summary>
    public required AuditSeverity Severity { get; init; }

    /// <summary>The split or scenario it is about, such as <c>official-0</c>; empty for the data set as a whole.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What was found, a sentence.</summary>
    public required string Found { get; init; }

    /// <summary>What to do, a sentence; empty where there is nothing to do.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Numbers of the cases concerned, ascending; see <see cref="Data.Dataset"/> for what they count.</summary>
    public IReadOnlyList<int> Cases { get; init; } = [];

    /// <summary>The metrics behind it.</summary>
    public IReadOnlyList<AuditMetric> Metrics { get; init; } = [];
}
