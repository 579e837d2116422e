using TsVlm.Contracts;

namespace TsVlm.Evaluator;

/// <summary>
/// Which cases choices are made on, as far as scenarios tell: the checkpoint by the validation loss, everything that is fitted by the training part. A scenario has no
/// examples in its prompt and no search of its own; what remains is the choice among scenarios, which is the user's.
/// </summary>
internal static class SelectionCheck
{
    /// <summary>Findings on the scenarios of a grid with one split.</summary>
    public static IEnumerable<AuditFinding> Of(IReadOnlyList<Scenario> scenarios, AuditedSplit split)
    {
        var stopping = scenarios.Where(s => s.Recipe.Patience > 0).Select(s => s.Name).ToList();
        if (split.Cases.Validation.Count == 0)
            yield return Finding(split, stopping.Count > 0 ? AuditSeverity.Warning : AuditSeverity.Notice,
                "There is no validation case, so no checkpoint can be chosen" + (stopping.Count > 0 ? $" and the patience of {AuditText.List(stopping)} has nothing to go by." : "."),
                "The last epoch counts: fix the number of epochs beforehand, not by the test.");
        yield return Finding(split, AuditSeverity.Ok, "No setting of a scenario is fitted or chosen on test cases: checkpoints are by validation loss, the rest by the training part.",
            scenarios.Count > 1 ? $"{scenarios.Count} scenarios meet the same test cases: taking the best by test accuracy would be a choice by test labels." : "");
    }

    private static AuditFinding Finding(AuditedSplit split, AuditSeverity severity, string found, string advice) => new()
    {
        Check = AuditCheck.Selection, Subject = split.Name, Severity = severity, Found = found, Advice = advice,
    };
}
