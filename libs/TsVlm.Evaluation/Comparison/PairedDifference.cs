using TsVlm.Evaluation.Statistics;

namespace TsVlm.Evaluation.Comparison;

/// <summary>How one run stands to another on the same test cases.</summary>
public enum Verdict
{
    /// <summary>It is significantly better.</summary>
    Better,

    /// <summary>A difference is not shown, which does not mean that there is none.</summary>
    NotShown,

    /// <summary>It is significantly worse.</summary>
    Worse,
}

/// <summary>Two runs on the same test cases.</summary>
/// <param name="Points">Accuracy of the first minus that of the second.</param>
/// <param name="Test">McNemar's test of their predictions; null where these are not known.</param>
/// <param name="PValue">P after Holm's correction over all pairs that are judged together; NaN without a test.</param>
public sealed record PairedDifference(double Points, McNemarTest? Test, double PValue)
{
    /// <summary>What the test shows after correction.</summary>
    public Verdict Verdict => !(PValue < McNemarTest.Level) ? Verdict.NotShown
        : Test!.OnlyFirst > Test.OnlySecond ? Verdict.Better : Verdict.Worse;

    /// <summary>
    /// Judges pairs together: Holm's correction keeps the chance of any false verdict among them below the level, whether or not they
    /// share test cases, as seeds of one split do.
    /// </summary>
    public static IReadOnlyList<PairedDifference> Judge(IReadOnlyList<(double Points, McNemarTest? Test)> pairs)
    {
        var pValues = pairs.Select(p => p.Test).OfType<McNemarTest>().Select(test => test.PValue);
        var corrected = new Queue<double>(HolmCorrection.Adjust([.. pValues]));
        return [.. pairs.Select(p => new PairedDifference(p.Points, p.Test, p.Test is null ? double.NaN : corrected.Dequeue()))];
    }
}
