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
        var tied = scenarios.Count > 1;
        yield return Finding(split, tied ? AuditSeverity.Notice : AuditSeverity.Ok,
            tied ? $"{scenarios.Count} scenarios meet the same {FigureText.Count(split.Cases.Test.Count, "test case")}: taking the best of them by its test accuracy is a choice by test labels."
                : "One scenario, so there is nothing to choose by test accuracy.",
            tied ? "Choose by validation loss, or report all scenarios, or choose on some data sets and report on others." : "");
    }

    private static AuditFinding Finding(AuditedSplit split, AuditSeverity severity, string found, string advice) => new()
    {
        Check = AuditCheck.Selection, Subject = split.Name, Severity = severity, Found = found, Advice = advice,
    };
}
